import pLimit from "p-limit";
import type { V1SelfSubjectAccessReview } from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";

/** Calls of one kind of resource, and what they are for. */
export interface RightsRule {
  /** API group; empty for the core one. */
  readonly group: string;
  /** Plural, with a subresource: `pods`, `pods/log`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** For people: what cannot be done without. */
  readonly purpose: string;
}

/** A right that the user does not have. */
export interface MissingRight extends Omit<RightsRule, "verbs"> {
  readonly verb: string;
  /** Where it is missing. */
  readonly scope: RightsScope;
}

/** Where rights are wanted: in the client's namespace, or in the whole cluster. */
export type RightsScope = "namespace" | "cluster";

/** What jobs need in their namespace; `deploy/kubernetes/role.yaml` gives it. */
export const JOB_RIGHTS: readonly RightsRule[] = [
  {
    group: "",
    resource: "configmaps",
    verbs: ["get", "list", "watch", "create", "patch", "delete"],
    purpose: "records of jobs",
  },
  {
    group: "",
    resource: "secrets",
    verbs: ["get", "create", "deletecollection"],
    purpose: "secrets between master and workers",
  },
  {
    group: "",
    resource: "services",
    verbs: ["get", "create", "deletecollection"],
    purpose: "names and ports of jobs",
  },
  {
    group: "",
    resource: "pods",
    verbs: ["get", "list", "watch", "create", "deletecollection"],
    purpose: "running jobs",
  },
  {
    group: "",
    resource: "pods/eviction",
    verbs: ["create"],
    purpose: "stopping jobs",
  },
  { group: "", resource: "pods/log", verbs: ["get"], purpose: "logs" },
  { group: "", resource: "events", verbs: ["list"], purpose: "why a job waits" },
  { group: "", resource: "resourcequotas", verbs: ["list"], purpose: "why a job waits" },
  {
    group: "",
    resource: "persistentvolumeclaims",
    verbs: ["get"],
    purpose: "volumes that `jrun storage apply` makes",
  },
  {
    group: "batch",
    resource: "jobs",
    verbs: ["get", "list", "watch", "create", "patch", "deletecollection"],
    purpose: "running jobs",
  },
  {
    group: "apps",
    resource: "statefulsets",
    verbs: ["get", "list", "watch", "create", "patch", "deletecollection"],
    purpose: "units that always restart",
  },
  {
    group: "coordination.k8s.io",
    resource: "leases",
    verbs: ["get", "list", "watch", "create", "update"],
    purpose: "one acting process at a time",
  },
];

/** What works without as well, but shows less. */
export const OPTIONAL_RIGHTS: readonly RightsRule[] = [
  {
    group: "metrics.k8s.io",
    resource: "pods",
    verbs: ["list"],
    purpose: "resource use of jobs",
  },
  {
    group: "",
    resource: "services/proxy",
    verbs: ["get"],
    purpose: "addresses of `jrun endpoint --proxy`",
  },
];

/** What `jrun cp` needs besides; a role of its own gives it, as it is a right on every pod of the namespace. */
export const COPY_RIGHTS: readonly RightsRule[] = [
  { group: "", resource: "pods/exec", verbs: ["get", "create"], purpose: "`jrun cp`" },
];

/** Of the whole cluster, and not needed either. */
export const CLUSTER_RIGHTS: readonly RightsRule[] = [
  {
    group: "",
    resource: "nodes",
    verbs: ["list"],
    purpose:
      "the state of the nodes, their addresses for external ports, refusing jobs that fit none",
  },
  { group: "", resource: "pods", verbs: ["list"], purpose: "how much of each node is taken" },
];

/** What `jrun storage apply` needs: of the cluster for PersistentVolumes, in the namespace for the rest. */
export const STORAGE_RIGHTS: readonly RightsRule[] = [
  {
    group: "",
    resource: "persistentvolumes",
    verbs: ["get", "create", "patch"],
    purpose: "`jrun storage apply`",
  },
  {
    group: "",
    resource: "persistentvolumeclaims",
    verbs: ["get", "create", "patch"],
    purpose: "`jrun storage apply`",
  },
  {
    group: "",
    resource: "endpoints",
    verbs: ["get", "create", "patch"],
    purpose: "`jrun storage apply` of GlusterFS volumes",
  },
];

/** Questions at once: each is one small call. */
const AT_ONCE = 8;

/** Which of these rights the user lacks, one by one, as the API server itself sees it. */
export async function missingRights(
  client: KubeClient,
  rules: readonly RightsRule[],
  scope: RightsScope,
  signal?: AbortSignal,
): Promise<MissingRight[]> {
  const limit = pLimit(AT_ONCE);
  const asked = rules.flatMap(({ verbs, ...rule }) =>
    verbs.map((verb) => ({ ...rule, verb, scope })),
  );
  const answers = await Promise.all(
    asked.map(async (right) =>
      limit(async () => ((await mayDo(client, right, signal)) ? [] : [right])),
    ),
  );
  return answers.flat();
}

/** In the words of access control: `list pods`, `create jobs.batch`. Pure. */
export function rightInWords({
  verb,
  group,
  resource,
}: Pick<MissingRight, "verb" | "group" | "resource">): string {
  const [name = "", subresource] = resource.split("/");
  const whole = group === "" ? name : `${name}.${group}`;
  return `${verb} ${subresource === undefined ? whole : `${whole}/${subresource}`}`;
}

async function mayDo(
  client: KubeClient,
  { group, resource, verb, scope }: MissingRight,
  signal?: AbortSignal,
): Promise<boolean> {
  const [name, subresource] = resource.split("/");
  const review = await client.create<V1SelfSubjectAccessReview>(
    client.path("selfsubjectaccessreviews"),
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: {
        resourceAttributes: {
          group,
          verb,
          ...(name === undefined ? {} : { resource: name }),
          ...(subresource === undefined ? {} : { subresource }),
          ...(scope === "namespace" ? { namespace: client.namespace } : {}),
        },
      },
    },
    { signal },
  );
  return review.status?.allowed === true;
}
