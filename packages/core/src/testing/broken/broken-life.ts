import type { Job } from "../../backend/job.ts";
import { ManagerError } from "../../errors/manager-error.ts";
import { unitName } from "../../plan/unit-id.ts";
import { isFinal } from "../../status/job-status.ts";
import { brokenCalls, type BrokenBackend } from "./broken-backend.ts";
import { PassThrough } from "./pass-through.ts";

class FlattensExitCodes extends PassThrough {
  override async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    const job = await super.inspect(name, signal);
    const { exitCode } = job.status;
    return exitCode ? { ...job, status: { ...job.status, exitCode: 1 } } : job;
  }
}

class LosesFinalStates extends PassThrough {
  override async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    const job = await super.inspect(name, signal);
    const known = this.world.containers().some(({ record }) => record.uid === job.uid);
    if (known || !isFinal(job.status)) return job;
    return { ...job, status: { ...job.status, phase: "lost", reason: "Vanished" } };
  }
}

class ShowsSecrets extends PassThrough {
  override async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    const job = await super.inspect(name, signal);
    const secrets = this.world.records.get(this.namespace, name)?.secrets;
    return { ...job, spec: { ...job.spec, parameters: { ...job.spec.parameters, secrets } } };
  }
}

class RestartsUnitsThatStay extends PassThrough {
  override async scale(name: string, workers: number, signal?: AbortSignal): Promise<void> {
    await super.scale(name, workers, signal);
    for (const container of this.world.containers()) {
      if (container.record.name !== name || !container.active) continue;
      container.kill();
      container.start(0);
    }
  }
}

class ScalesToAnything extends PassThrough {
  override async scale(name: string, workers: number, signal?: AbortSignal): Promise<void> {
    return super.scale(name, Math.min(10, Math.max(0, Math.trunc(workers) || 0)), signal);
  }
}

class ScalesFinishedJobs extends PassThrough {
  override async scale(name: string, workers: number, signal?: AbortSignal): Promise<void> {
    const { status } = await this.inspect(name, signal);
    if (!isFinal(status)) await super.scale(name, workers, signal);
  }
}

class LeavesContainers extends PassThrough {
  override async delete(
    name: string,
    options?: { readonly force?: boolean },
    signal?: AbortSignal,
  ): Promise<boolean> {
    const record = this.world.records.get(this.namespace, name);
    const deleted = await super.delete(name, options, signal);
    const unit = { role: "worker", index: 99 } as const;
    if (record) this.world.create({ record, unit, attempt: 0, restartsLeft: 0 });
    return deleted;
  }
}

class DeletesOnlyOnce extends PassThrough {
  override async delete(
    name: string,
    options?: { readonly force?: boolean },
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (await super.delete(name, options, signal)) return true;
    throw new ManagerError("JOB_NOT_FOUND", `There is no job ${name}.`);
  }
}

class DeletesRunningJobs extends PassThrough {
  override async delete(name: string, _options?: unknown, signal?: AbortSignal): Promise<boolean> {
    return super.delete(name, { force: true }, signal);
  }
}

class DeletesInTheBackground extends PassThrough {
  override async delete(
    name: string,
    options?: { readonly force?: boolean },
    signal?: AbortSignal,
  ): Promise<boolean> {
    const record = this.world.records.get(this.namespace, name);
    const deletion = super.delete(name, options, signal);
    deletion.catch(() => undefined);
    return record !== undefined;
  }
}

class StopsJobsWhenItCloses extends PassThrough {
  override async close(): Promise<void> {
    await super.close();
    for (const container of this.world.containers()) {
      if (container.record.namespace === this.namespace) container.kill();
    }
  }
}

class ForgetsUnits extends PassThrough {
  override async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    const job = await super.inspect(name, signal);
    const units = job.status.units.filter((unit) => unitName(unit) !== "worker-1");
    return { ...job, status: { ...job.status, units } };
  }
}

/** Faults in how jobs live and end. */
export const BROKEN_LIFE: readonly BrokenBackend[] = [
  brokenCalls(
    "makes every exit code 1",
    ["lifecycle/exit-7", "recovery/takeover"],
    FlattensExitCodes,
  ),
  brokenCalls("loses final states with containers", ["list/outlives-containers"], LosesFinalStates),
  brokenCalls("shows secrets", ["lifecycle/secrets"], ShowsSecrets),
  brokenCalls(
    "hides a unit",
    ["parallel/workers-all-succeed", "list/agrees-with-inspect"],
    ForgetsUnits,
  ),
  brokenCalls(
    "restarts units that stay when it scales",
    ["scale/up", "scale/master-stays"],
    RestartsUnitsThatStay,
  ),
  brokenCalls("scales to any number", ["scale/out-of-range"], ScalesToAnything),
  brokenCalls("says nothing when it scales a finished job", ["scale/finished"], ScalesFinishedJobs),
  brokenCalls("leaves a container when it deletes", ["delete/leaves-nothing"], LeavesContainers),
  brokenCalls("fails at the second delete", ["delete/twice", "delete/unknown"], DeletesOnlyOnce),
  brokenCalls("deletes running jobs without force", ["delete/running"], DeletesRunningJobs),
  brokenCalls(
    "returns before it has deleted",
    ["delete/forced", "delete/name-is-free"],
    DeletesInTheBackground,
  ),
  brokenCalls("stops jobs when it closes", ["close/jobs-go-on"], StopsJobsWhenItCloses),
];
