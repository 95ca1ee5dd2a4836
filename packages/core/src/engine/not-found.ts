import { ManagerError } from "../errors/manager-error.ts";

/** JOB_NOT_FOUND for that name. */
export function notFound(namespace: string, name: string): ManagerError {
  return new ManagerError("JOB_NOT_FOUND", `There is no job ${name} in namespace ${namespace}.`, {
    details: { name, namespace },
  });
}
