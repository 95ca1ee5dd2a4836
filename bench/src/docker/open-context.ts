import { join } from "node:path";
import { createDockerBackend } from "@juliarun/backend-docker";
import { Context, JobTypeRegistry, NoAccounting, planContext, toConfig } from "@juliarun/core";
import { loadRuntimeBundle } from "@juliarun/runtime";

/** Where a context works. */
export interface ContextSetting {
  /** Address of the engine. */
  readonly host: string;
  /** What stands for the Julia image. */
  readonly image: string;
  /** Holds records, and in `volume` what is mounted as run volume. */
  readonly folder: string;
  readonly namespace: string;
  /** Name of the run volume. */
  readonly volume: string;
}

/** A context as `init()` makes it, but without a background agent, which would outlive a run. */
export async function openContext(setting: ContextSetting): Promise<Context> {
  const { host, image, folder, namespace, volume } = setting;
  const config = toConfig({
    images: { julia: { image, executable: "sh" } },
    storage: { hostpath: [{ name: volume, path: "volume" }] },
  });
  const { backend } = await createDockerBackend({
    host,
    env: process.env,
    namespace,
    stateDir: join(folder, "state"),
    runtime: await loadRuntimeBundle(),
  });
  return new Context({
    backend,
    jobTypes: new JobTypeRegistry(),
    plans: planContext(config, { baseDir: folder, namespace }),
    accounting: new NoAccounting(),
  });
}
