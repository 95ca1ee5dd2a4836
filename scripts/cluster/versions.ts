/** What is fetched: each version is one that was tried with the others. */
export const versions = {
  /** What go.mod names; also the version of the pulled node image. */
  kubernetes: "v1.34.4",
  kind: "v0.30.0",
  /** The node image that this kind was released with. */
  nodeImage: "kindest/node:v1.34.0",
  /** What go.mod names. */
  metricsServer: "v0.7.2",
  kwok: "v0.7.0",
  /** What is fetched where the machine has no Go, or an older one. */
  go: "1.25.5",
} as const;

/** The oldest Go that builds these programs. */
export const oldestGo = { major: 1, minor: 24 } as const;

/** The image of metrics-server, under this name in both kinds of cluster. */
export const metricsServerImage = `registry.k8s.io/metrics-server/metrics-server:${versions.metricsServer}`;
