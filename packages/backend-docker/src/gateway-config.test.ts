import type { JobPlan, ServicePort, UnitGroup } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { testGroup, testPlan } from "./fixtures/record.ts";
import { gatewayConfig, gatewayGroup, gatewayPorts } from "./gateway-config.ts";
import { hostNames } from "./names.ts";

const WEB: ServicePort = { name: "web", containerPort: 8000, servicePort: 80 };
const SAME: ServicePort = { name: "same", containerPort: 443, servicePort: 443 };

function service(role: UnitGroup["role"], ...ports: readonly ServicePort[]): JobPlan {
  const group = testGroup([], { role, lifecycle: "service", container: { ports } });
  return testPlan([group], { completion: "none" });
}

describe("a gateway", () => {
  it("is there where one container's port will not do", () => {
    expect(gatewayGroup(service("worker", SAME))).toBeDefined();
    expect(gatewayGroup(service("master", WEB))).toBeDefined();
    expect(gatewayGroup(service("master", SAME))).toBeUndefined();
    expect(gatewayGroup(service("worker"))).toBeUndefined();
    expect(
      gatewayGroup(testPlan([testGroup([], { container: { ports: [WEB] } })])),
    ).toBeUndefined();
  });

  it("has the job's name, and its units one that they share", () => {
    const unit = { role: "worker", index: 1 } as const;
    const job = { name: "web", plan: service("worker", WEB) };
    expect(hostNames(job, unit)).toEqual(["web-worker-1", "web.units"]);
    const plain = { name: "web", plan: service("master", SAME) };
    expect(hostNames(plain, { role: "master", index: 0 })).toEqual(["web"]);
  });

  it("listens at service ports, and at container ports that are no other's service port", () => {
    const swapped = { name: "swapped", containerPort: 80, servicePort: 8000 };
    const group = gatewayGroup(service("worker", WEB, swapped, SAME)) ?? testGroup([]);
    expect([...gatewayPorts(group)].toSorted((a, b) => a[0] - b[0])).toEqual([
      [80, 8000],
      [443, 443],
      [8000, 80],
    ]);
  });

  it("passes connections on to whatever has the units' name", () => {
    const group = gatewayGroup(service("worker", WEB)) ?? testGroup([]);
    const text = gatewayConfig({ name: "web" }, group);
    expect(text).toContain(
      "listen port-80\n  bind :80\n  server-template unit 1-64 web.units:8000 resolvers engine init-addr none",
    );
    expect(text).toContain("listen port-8000\n  bind :8000\n");
    expect(text.match(/^listen/gm)).toHaveLength(2);
  });

  it("takes orders at a port of its own", () => {
    const admin: ServicePort = { name: "admin", containerPort: 9999, servicePort: 9998 };
    const group = gatewayGroup(service("worker", admin)) ?? testGroup([]);
    expect(gatewayConfig({ name: "web" }, group)).toContain("127.0.0.1:9997 level admin");
  });
});
