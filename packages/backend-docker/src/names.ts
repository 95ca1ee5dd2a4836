import { gatewayGroup, unitsAlias } from "./gateway-config.ts";
import { unitName, type JobRecord, type UnitId } from "@juliarun/core";

/** What a container's name is made of. */
export interface ContainerIdentity extends UnitId {
  readonly namespace: string;
  readonly job: string;
  readonly uid: string;
  readonly attempt: number;
}

/**
 * Name of a unit's container: the engine refuses a second one of the same name, so no unit ever has two.
 * Job names and namespaces hold no `_`, so different identities have different names.
 */
export function containerName(identity: ContainerIdentity): string {
  const { namespace, job, uid, attempt } = identity;
  return ["jrun", namespace, job, uid.slice(0, 8), unitName(identity), attempt].join("_");
}

/**
 * The network that all units of a namespace share; names of jobs are host names in it.
 * @param owner - only where another owner's namespace of the same name has the first name.
 */
export function networkName(namespace: string, owner?: string): string {
  return owner === undefined ? `jrun-${namespace}` : `jrun-${namespace}-${owner}`;
}

/** Host name of a unit in its namespace's network: `<job>` is the master. */
export function hostName(record: Pick<JobRecord, "name">, unit: UnitId): string {
  return unit.role === "master" ? record.name : `${record.name}-${unitName(unit)}`;
}

/** Host names of a unit's container: behind a gateway the job's name is the gateway's. */
export function hostNames(record: Pick<JobRecord, "name" | "plan">, unit: UnitId): string[] {
  if (!gatewayGroup(record.plan)) return [hostName(record, unit)];
  return [`${record.name}-${unitName(unit)}`, unitsAlias(record)];
}

/** Name of the container that is the gateway of a submit. */
export function gatewayName({ namespace, name, uid }: JobRecord): string {
  return ["jrun", namespace, name, uid.slice(0, 8), "gateway"].join("_");
}

/** One filling of the runtime volume: never used twice, so a volume of this name was filled by who made it, or never. */
export function runtimeVolumeName(hash: string, filling: string): string {
  return `juliarun-runtime-${hash}-${filling}`;
}
