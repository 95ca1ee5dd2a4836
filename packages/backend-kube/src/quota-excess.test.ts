import type { V1Pod, V1ResourceQuota } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { asServed } from "./fixtures/as-served.ts";
import { quotaExcess } from "./quota-excess.ts";

const resources = {
  requests: { cpu: "500m", memory: "64Mi", "nvidia.com/gpu": "1" },
  limits: { cpu: "1", memory: "64Mi", "nvidia.com/gpu": "1" },
};
const pod = asServed<V1Pod>({ spec: { containers: [{ name: "unit", resources }] } });

function quota(name: string, hard: Record<string, string>): V1ResourceQuota {
  return asServed<V1ResourceQuota>({ metadata: { name }, spec: { hard }, status: { hard } });
}

describe("quotaExcess", () => {
  it.each([
    ["requests.cpu", "0.5", undefined],
    ["requests.cpu", "499m", "500m"],
    ["cpu", "400m", "500m"],
    ["limits.cpu", "999m", "1"],
    ["requests.memory", "65536Ki", undefined],
    ["limits.memory", "64M", "64Mi"],
    ["requests.nvidia.com/gpu", "0", "1"],
    ["pods", "0", "1"],
    ["count/pods", "0", "1"],
    ["count/jobs.batch", "0", undefined],
    ["services", "0", undefined],
  ])("of %s %s", (resource, allowed, wanted) => {
    expect(quotaExcess(pod, [quota("compute", { [resource]: allowed })])).toEqual(
      wanted && { quota: "compute", resource, wanted, allowed },
    );
  });

  it("names the first one of several, and goes by what the controller has taken over", () => {
    const small = quota("small", { "requests.cpu": "1", "requests.memory": "1Mi" });
    const fresh = asServed<V1ResourceQuota>({ metadata: { name: "new" }, spec: { hard: {} } });
    expect(quotaExcess(pod, [quota("large", { pods: "10" }), fresh, small])?.quota).toBe("small");
    expect(quotaExcess(pod, [fresh])).toBeUndefined();
  });
});
