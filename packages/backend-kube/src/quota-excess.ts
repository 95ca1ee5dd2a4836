import type { V1Pod, V1ResourceQuota } from "@kubernetes/client-node";
import { quantityValue } from "./quantity.ts";

/** A quota that no pod of this kind will ever fit. Amounts as the API server writes them. */
export interface QuotaExcess {
  readonly quota: string;
  /** As the quota names it, such as `requests.cpu`. */
  readonly resource: string;
  readonly wanted: string;
  readonly allowed: string;
}

/** The first quota that a pod would exceed even alone; undefined when waiting may help. Pure. */
export function quotaExcess(
  pod: V1Pod,
  quotas: readonly V1ResourceQuota[],
): QuotaExcess | undefined {
  const { requests = {}, limits = {} } = pod.spec?.containers[0]?.resources ?? {};
  const asked: Record<string, string> = { pods: "1", "count/pods": "1", ...requests };
  for (const [name, amount] of Object.entries(requests)) asked[`requests.${name}`] = amount;
  for (const [name, amount] of Object.entries(limits)) asked[`limits.${name}`] = amount;
  for (const { metadata, status } of quotas) {
    for (const [resource, allowed] of Object.entries(status?.hard ?? {})) {
      const wanted = asked[resource];
      if (wanted === undefined || quantityValue(wanted) <= quantityValue(allowed)) continue;
      return { quota: metadata?.name ?? "", resource, wanted, allowed };
    }
  }
  return undefined;
}
