import type { JobRecord } from "../record/job-record.ts";
import { ENV } from "./job-environment.ts";
import { type UnitId, unitName } from "./unit-id.ts";

/**
 * The part of a unit's environment that differs between units and submits; a backend adds it to the plan's.
 * @param masterHost - name or address under which units reach the master; undefined for a job without one.
 */
export function unitEnvironment(
  record: Pick<JobRecord, "uid">,
  unit: UnitId,
  masterHost: string | undefined,
): Record<string, string> {
  return {
    [ENV.uid]: record.uid,
    [ENV.role]: unit.role,
    [ENV.unit]: unitName(unit),
    ...(unit.role === "worker" ? { [ENV.workerIndex]: String(unit.index) } : {}),
    ...(masterHost === undefined ? {} : { [ENV.masterHost]: masterHost }),
  };
}
