import type { Endpoint } from "../../backend/cluster-backend.ts";
import type { Job } from "../../backend/job.ts";
import type { ObservedUnit } from "../../engine/observed-unit.ts";
import type { JobPlan } from "../../plan/job-plan.ts";
import type { JobSpec } from "../../spec/job-spec.ts";
import { brokenCalls, brokenParts, type BrokenBackend } from "./broken-backend.ts";
import { PassThrough } from "./pass-through.ts";
import { withEngine } from "./with-engine.ts";

class UpdatesNothing extends PassThrough {
  override async update(name: string, _spec: JobSpec, _plan: JobPlan): Promise<Job> {
    return super.inspect(name);
  }
}

class UpdatesAllAtOnce extends PassThrough {
  override async update(name: string, spec: JobSpec, plan: JobPlan): Promise<Job> {
    const job = await super.update(name, spec, plan);
    for (const container of this.world.containers())
      if (container.record.name === name) this.world.remove(container);
    return job;
  }
}

class GivesAnyEndpoint extends PassThrough {
  override async endpoint(name: string, signal?: AbortSignal): Promise<Endpoint> {
    const { namespace } = await super.inspect(name, signal);
    return { hosts: [`${name}.${namespace}.memory`], ports: { http: 8090 } };
  }
}

/** Faults in how services run and are updated. */
export const BROKEN_SERVICES: readonly BrokenBackend[] = [
  brokenCalls("updates nothing", ["service/update", "service/update-single"], UpdatesNothing),
  brokenCalls("updates all units at once", ["service/update-without-gap"], UpdatesAllAtOnce),
  brokenCalls(
    "gives an endpoint of what does not answer",
    ["service/ready", "service/scale"],
    GivesAnyEndpoint,
  ),
  brokenParts("calls a unit ready as soon as it runs", ["service/ready"], (parts) =>
    withEngine(parts, (engine) => ({
      observe: async (detailed, signal) => {
        const units = await engine.observe(detailed, signal);
        return units.map((unit): ObservedUnit => Object.assign({}, unit, { ready: true }));
      },
    })),
  ),
  brokenParts(
    "does not start again what ended well",
    ["service/restarts-after-success"],
    (parts, world) =>
      withEngine(parts, (engine) => ({
        observe: async (detailed, signal) => {
          const units = await engine.observe(detailed, signal);
          return units.map((unit): ObservedUnit => {
            if (unit.exitCode !== 0) return unit;
            world.find(unit)?.kill();
            return Object.assign({}, unit, { state: "exited", gaveUp: true });
          });
        },
      })),
  ),
];
