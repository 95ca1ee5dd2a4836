import type { JobRecord, UnitRole } from "@juliarun/core";

type Identity = Pick<JobRecord, "name" | "uid">;

/** Longest part of a job's name in the names of its controllers: a StatefulSet's may have 52 characters. */
const LONGEST_NAME = 40;

/** ConfigMap with the record: its name is the job's, so creating it claims the name. */
export function recordName({ name }: Pick<JobRecord, "name">): string {
  return name;
}

/** Service under which units reach the master, or the service: the job's name. */
export function serviceName({ name }: Pick<JobRecord, "name">): string {
  return name;
}

/** Service of a submit that exposes its ports outside the cluster. */
export function externalServiceName(record: Identity): string {
  return `${stem(record)}-ext`;
}

/** Secret of a submit. */
export function secretName(record: Identity): string {
  return stem(record);
}

/** Secret of a submit that its images are pulled with. */
export function pullSecretName(record: Identity): string {
  return `${stem(record)}-pull`;
}

/** Job or StatefulSet of a group: of this submit only. */
export function controllerName(record: Identity, role: UnitRole): string {
  return role === "master" ? stem(record) : `${stem(record)}-w`;
}

/** ConfigMap with a runtime bundle. */
export function runtimeName(hash: string): string {
  return `juliarun-runtime-${hash}`;
}

function stem({ name, uid }: Identity): string {
  return `${name.slice(0, LONGEST_NAME).replace(/-+$/, "")}-${uid.slice(0, 8)}`;
}
