import type { NodeImage } from "./node-image.ts";

// The defaults (20 and 30 requests a second) are for one user; tests make hundreds of objects at once.
const clientLimits = { extraArgs: { "kube-api-qps": "500", "kube-api-burst": "1000" } };

/** kind's configuration of a cluster of one node, as YAML (JSON, which is YAML), with a folder of the host at the same path. */
export function kindConfig(image: NodeImage, hostFolder: string): string {
  const built = image.source === "built";
  const clusterConfiguration = {
    kind: "ClusterConfiguration",
    controllerManager: clientLimits,
    scheduler: clientLimits,
  };
  const kubelet = {
    kind: "KubeletConfiguration",
    maxPods: 500,
    serializeImagePulls: false,
    // The node that is built has no systemd; the resolver's file is its entrypoint's.
    ...(built
      ? { cgroupDriver: "cgroupfs", failCgroupV1: false, resolvConf: "/kind/resolv.conf" }
      : {}),
  };
  const config = {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    networking: { disableDefaultCNI: built },
    nodes: [
      {
        role: "control-plane",
        image: image.reference,
        extraMounts: [{ hostPath: hostFolder, containerPath: hostFolder }],
      },
    ],
    kubeadmConfigPatches: [JSON.stringify(clusterConfiguration), JSON.stringify(kubelet)],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
