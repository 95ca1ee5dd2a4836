/** What is fetched: each version is one that was tried with the others. */
export const versions = {
  /** What go.mod names; also the version of the pulled node image. */
  kubernetes: "v1.34.4",
  /** What this Kubernetes' kubeadm asks for. */
  coredns: "v1.12.1",
  kind: "v0.30.0",
  /** The node image that this kind was released with. */
  nodeImage: "kindest/node:v1.34.0",
  metricsServer: "v0.9.0",
  kwok: "v0.7.0",
  /** What is fetched where the machine has no Go, or an older one. */
  go: "1.26.6",
} as const;

/** The oldest Go that these programs build with; it fetches a newer one itself where a module asks for that. */
export const oldestGo = { major: 1, minor: 24 } as const;

/** The image of metrics-server, under this name in both kinds of cluster. */
export const metricsServerImage = `registry.k8s.io/metrics-server/metrics-server:${versions.metricsServer}`;
