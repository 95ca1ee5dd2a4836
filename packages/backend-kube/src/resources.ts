/** Where the API server keeps each kind of resource that this backend uses. */
const ROOTS = {
  namespaces: "/api/v1",
  nodes: "/api/v1",
  persistentvolumes: "/api/v1",
  configmaps: "/api/v1",
  secrets: "/api/v1",
  services: "/api/v1",
  pods: "/api/v1",
  events: "/api/v1",
  resourcequotas: "/api/v1",
  limitranges: "/api/v1",
  serviceaccounts: "/api/v1",
  persistentvolumeclaims: "/api/v1",
  jobs: "/apis/batch/v1",
  statefulsets: "/apis/apps/v1",
  deployments: "/apis/apps/v1",
  controllerrevisions: "/apis/apps/v1",
  leases: "/apis/coordination.k8s.io/v1",
  endpointslices: "/apis/discovery.k8s.io/v1",
  horizontalpodautoscalers: "/apis/autoscaling/v2",
  podmetrics: "/apis/metrics.k8s.io/v1beta1",
  nodemetrics: "/apis/metrics.k8s.io/v1beta1",
  selfsubjectaccessreviews: "/apis/authorization.k8s.io/v1",
  selfsubjectrulesreviews: "/apis/authorization.k8s.io/v1",
  subjectaccessreviews: "/apis/authorization.k8s.io/v1",
} as const;

/** Plural name of a kind of resource. */
export type Resource = keyof typeof ROOTS;

const CLUSTER_WIDE: ReadonlySet<Resource> = new Set<Resource>([
  "namespaces",
  "nodes",
  "persistentvolumes",
  "nodemetrics",
  "selfsubjectaccessreviews",
  "selfsubjectrulesreviews",
  "subjectaccessreviews",
]);

/** The metrics server calls them as what they are of. */
const PLURALS: Partial<Record<Resource, string>> = { podmetrics: "pods", nodemetrics: "nodes" };

/** Which object, or all objects of a kind. */
export interface ObjectPlace {
  readonly namespace: string;
  readonly name?: string | undefined;
  /** Such as `log`, `status`, `scale`. */
  readonly subresource?: string | undefined;
}

/** Path of an object or a collection at the API server. Pure. */
export function toPath(resource: Resource, { namespace, name, subresource }: ObjectPlace): string {
  return [
    ROOTS[resource],
    ...(CLUSTER_WIDE.has(resource) ? [] : ["namespaces", encodeURIComponent(namespace)]),
    PLURALS[resource] ?? resource,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ].join("/");
}
