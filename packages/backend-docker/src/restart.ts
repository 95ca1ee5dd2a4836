import { ManagerError, type JobPlan, type ObservedUnit } from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { toRestartPolicy } from "./container-spec.ts";
import { identify, LABEL, parseLabelledRecord } from "./labels.ts";
import { hostNames } from "./names.ts";
import type { Networks } from "./networks.ts";
import { setRestartPolicy } from "./restart-policy.ts";
import { startInNetwork } from "./start-in-network.ts";

/** See `UnitEngine.restart`: the engine counts restarts from 0 again after a start by command. */
export async function restartUnit(
  client: DockerClient,
  networks: Networks,
  { engineId, role }: ObservedUnit,
  restartsLeft: number,
  signal?: AbortSignal,
): Promise<void> {
  const inspected = await client.call(
    "to look at a container",
    async (docker) => docker.getContainer(engineId).inspect(),
    { signal },
  );
  const { Labels } = inspected.Config;
  const identity = identify(Labels, inspected.Name.replace(/^\//, ""));
  const plan: JobPlan | undefined = parseLabelledRecord(Labels[LABEL.spec])?.plan;
  const group = plan?.groups.find((candidate) => candidate.role === role);
  if (!identity || !plan || !group) {
    throw new ManagerError("INTERNAL", `Container ${inspected.Name} has lost its labels.`);
  }
  const policy = toRestartPolicy(group, restartsLeft);
  await setRestartPolicy(client, engineId, policy, signal);
  await startInNetwork(client, networks, {
    id: engineId,
    namespace: identity.namespace,
    aliases: hostNames({ name: identity.job, plan }, identity),
  });
}
