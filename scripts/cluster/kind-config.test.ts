import { describe, expect, test } from "vitest";
import { kindConfig } from "./kind-config.ts";

const parse = (text: string) => {
  const config = JSON.parse(text) as { kubeadmConfigPatches: string[] };
  const patches = config.kubeadmConfigPatches.map((patch) => JSON.parse(patch) as object);
  return { ...config, kubeadmConfigPatches: patches };
};
const limits = { extraArgs: { "kube-api-qps": "500", "kube-api-burst": "1000" } };

describe("kindConfig", () => {
  test("a built node brings its own network, and needs no systemd", () => {
    const image = { reference: "jrun/kind-node:1", source: "built" } as const;
    expect(parse(kindConfig(image, "/cache/host"))).toEqual({
      kind: "Cluster",
      apiVersion: "kind.x-k8s.io/v1alpha4",
      networking: { disableDefaultCNI: true },
      nodes: [
        {
          role: "control-plane",
          image: "jrun/kind-node:1",
          extraMounts: [{ hostPath: "/cache/host", containerPath: "/cache/host" }],
        },
      ],
      kubeadmConfigPatches: [
        { kind: "ClusterConfiguration", controllerManager: limits, scheduler: limits },
        {
          kind: "KubeletConfiguration",
          maxPods: 500,
          serializeImagePulls: false,
          cgroupDriver: "cgroupfs",
          failCgroupV1: false,
          resolvConf: "/kind/resolv.conf",
        },
      ],
    });
  });

  test("a pulled node keeps kind's settings", () => {
    const image = { reference: "kindest/node:v1.34.0", source: "pulled" } as const;
    expect(parse(kindConfig(image, "/cache/host"))).toMatchObject({
      networking: { disableDefaultCNI: false },
      kubeadmConfigPatches: [
        {},
        { kind: "KubeletConfiguration", maxPods: 500, serializeImagePulls: false },
      ],
    });
  });
});
