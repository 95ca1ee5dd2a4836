import { ManagerError, unitName, type ObservedUnit, type UnitUsage } from "@juliarun/core";
import type { PodMetric } from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import { isNotFound } from "./errors.ts";
import { CONTAINER, COMPONENT, LABEL, selector } from "./manifests/labels.ts";
import { quantityValue } from "./quantity.ts";

/** Usage of a unit of a submit. */
export type JobUnitUsage = Omit<UnitUsage, "job"> & { readonly jobUid: string };

/**
 * What running units use, as the metrics server has measured it in its last period; units that it does not know yet are left out.
 * @throws ManagerError CAPABILITY_UNSUPPORTED where the cluster has no metrics.k8s.io.
 */
export async function measureUsage(
  client: KubeClient,
  units: readonly ObservedUnit[],
  signal?: AbortSignal,
): Promise<JobUnitUsage[]> {
  if (units.length === 0) return [];
  const unitOf = new Map(units.map((unit) => [unit.engineId, unit]));
  const usage: JobUnitUsage[] = [];
  for (const { metadata, timestamp, containers } of await listMetrics(client, signal)) {
    const unit = unitOf.get(metadata.name);
    const container = containers.find(({ name }) => name === CONTAINER);
    if (!unit || !container) continue;
    usage.push({
      jobUid: unit.jobUid,
      unit: unitName(unit),
      cpuMillis: quantityValue(container.usage.cpu) * 1000,
      memoryBytes: quantityValue(container.usage.memory),
      at: Date.parse(timestamp),
    });
  }
  return usage;
}

async function listMetrics(client: KubeClient, signal?: AbortSignal): Promise<PodMetric[]> {
  const query = { labelSelector: selector({ [LABEL.component]: COMPONENT.unit }) };
  try {
    const { items } = await client.get<{ items: PodMetric[] }>(client.path("podmetrics"), {
      query,
      signal,
    });
    return items;
  } catch (error) {
    // Unavailable for a moment is another thing, which may be tried again.
    if (!isNotFound(error)) throw error;
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      `The cluster at ${client.address} measures no usage: metrics.k8s.io does not answer.`,
      { hint: "Have the metrics server installed in the cluster.", cause: error },
    );
  }
}
