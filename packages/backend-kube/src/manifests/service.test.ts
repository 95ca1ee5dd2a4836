import type { JobPlan, ServicePort, UnitGroup } from "@juliarun/core";
import type { V1Service } from "@kubernetes/client-node";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TEST_SETTING } from "../fixtures/controller-request.ts";
import { testGroup, testPlan, testRecord } from "../fixtures/record.ts";
import { toExternalService, toService } from "./service.ts";

const UID = "01234567-89ab-4def-8123-456789abcdef";
const WEB = { name: "web", containerPort: 8000, servicePort: 80 };
const MASTER = { name: "jrun-master", port: 9009, targetPort: 9009, protocol: "TCP" };

function group(role: UnitGroup["role"], ...ports: readonly ServicePort[]): UnitGroup {
  return testGroup({ role, container: { ports } });
}

function service(groups: readonly UnitGroup[], plan: Partial<JobPlan> = {}): V1Service | undefined {
  return toService(testRecord(testPlan(groups, plan)), TEST_SETTING);
}

function external(groups: readonly UnitGroup[], plan: Partial<JobPlan> = { external: true }) {
  return toExternalService(testRecord(testPlan(groups, plan)), TEST_SETTING);
}

describe("toService", () => {
  it("is there for those who need it only", () => {
    expect(service([group("master")])).toBeUndefined();
    expect(service([group("worker")])).toBeUndefined();
    expect(service([group("worker")], { external: true })).toBeUndefined();
  });

  it("is the master's address, also before it is ready", () => {
    expect(service([group("master"), group("worker")], { external: true })).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "hello",
        namespace: "test",
        labels: {
          "app.kubernetes.io/managed-by": "juliarun",
          "app.kubernetes.io/component": "part",
          "juliarun/job": "hello",
          "juliarun/uid": UID,
        },
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "hello", uid: "owner-uid" }],
      },
      spec: {
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector: { "juliarun/uid": UID, "juliarun/role": "master" },
        ports: [MASTER],
      },
    });
  });

  it("leads from service ports to container ports, which are reached by their own number too", () => {
    expect(service([group("master", WEB)])?.spec).toEqual({
      type: "ClusterIP",
      selector: { "juliarun/uid": UID, "juliarun/role": "master" },
      ports: [
        { name: "web", port: 80, targetPort: 8000, protocol: "TCP" },
        { name: "own-8000", port: 8000, targetPort: 8000, protocol: "TCP" },
      ],
    });
  });

  it("leaves a container port out where another service port has its number", () => {
    const other = { name: "other", containerPort: 80, servicePort: 8000 };
    const ports = service([group("worker", WEB, other)])?.spec?.ports;
    expect(ports?.map(({ port, targetPort }) => [port, targetPort])).toEqual([
      [80, 8000],
      [8000, 80],
    ]);
  });

  it("has the master's port beside others where there are workers", () => {
    const same = { name: "web", containerPort: 80, servicePort: 80 };
    const spec = service([group("master", same), group("worker")])?.spec;
    expect(spec?.ports).toEqual([
      { name: "web", port: 80, targetPort: 80, protocol: "TCP" },
      MASTER,
    ]);
    expect(spec?.clusterIP).toBeUndefined();
  });

  it("refuses a service port in the place of the master's", () => {
    const taken = { name: "web", containerPort: 80, servicePort: 9009 };
    const groups = [group("master", taken), group("worker")];
    expect(() => service(groups)).toThrow(/web has the service port 9009/);
    expect(service([group("master", taken)])?.spec?.ports).toHaveLength(2);
  });

  it("stays inside the cluster, also for a job that is external", () => {
    expect(service([group("master", WEB)], { external: true })?.spec?.type).toBe("ClusterIP");
  });

  it("names ports validly and once, and gives every port once, whatever the user's are", () => {
    const number = fc.constantFrom(80, 81, 8000, 9009, 65_535);
    const name = fc.constantFrom("web", "own-80", "own-80-2", "own-65535", "jrun-master", "a");
    const port = fc.record({ name, containerPort: number, servicePort: number });
    const ports = fc
      .uniqueArray(port, { selector: (each) => each.name })
      .filter((all) => new Set(all.map((each) => each.servicePort)).size === all.length)
      .filter((all) =>
        all.every((each) => each.servicePort !== 9009 || each.containerPort === 9009),
      );
    fc.assert(
      fc.property(ports, (given) => {
        const made = service([group("master", ...given), group("worker")])?.spec?.ports ?? [];
        for (const each of made) expect(each.name).toMatch(/^(?=.{1,15}$)[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(new Set(made.map((each) => each.name)).size).toBe(made.length);
        expect(new Set(made.map((each) => each.port)).size).toBe(made.length);
      }),
    );
  });
});

describe("toExternalService", () => {
  it("is there for external jobs with ports only", () => {
    expect(external([group("master", WEB)], {})).toBeUndefined();
    expect(external([group("master")])).toBeUndefined();
    expect(external([group("master"), group("worker")])).toBeUndefined();
  });

  it("exposes the user's ports as configured, and the master's to nobody", () => {
    const plan = testPlan([group("master", WEB), group("worker")], { external: true });
    for (const externalService of ["LoadBalancer", "NodePort"] as const) {
      const setting = { ...TEST_SETTING, externalService };
      const made = toExternalService(testRecord(plan), setting);
      expect(made?.metadata?.name).toBe("hello-01234567-ext");
      expect(made?.spec).toEqual({
        type: externalService,
        selector: { "juliarun/uid": UID, "juliarun/role": "master" },
        ports: [{ name: "web", port: 80, targetPort: 8000, protocol: "TCP" }],
      });
    }
  });
});
