import type { z } from "zod";
import type {
  JuliaBatchOptions,
  JuliaParBatchOptions,
  JuliaParBatchWorkersOptions,
  JuliaScriptOptions,
  PkgBuilderOptions,
} from "./job-options.ts";
import type { JobRequest } from "./job-request.ts";
import { JULIA_BATCH } from "./julia-batch.ts";
import { JULIA_PAR_BATCH } from "./julia-par-batch.ts";
import { JULIA_PAR_BATCH_WORKERS } from "./julia-par-batch-workers.ts";
import { PKG_BUILDER } from "./pkg-builder.ts";

type ParametersOf<Options extends JuliaScriptOptions> = Omit<Options, "name" | "files">;

function request<Options extends JuliaScriptOptions>(
  type: string,
  options: Options,
  accepted: (parameters: ParametersOf<Options>) => Readonly<Record<string, unknown>>,
): JobRequest {
  const { name, files, ...parameters } = options;
  return {
    type,
    name,
    parameters: accepted(parameters),
    ...(files === undefined ? {} : { files }),
  };
}

/**
 * A Julia batch job: one process in one container, which may use threads and processes of its own within its limits
 * (manual: Job Types, `JuliaBatch`).
 */
export function juliaBatch(options: JuliaBatchOptions): JobRequest {
  return request(
    JULIA_BATCH.name,
    options,
    (parameters): z.input<typeof JULIA_BATCH.schema> => parameters,
  );
}

/**
 * A master and linked workers, each in a container of its own; it succeeds when its master does
 * (manual: Job Types, `JuliaParBatch`).
 */
export function juliaParBatch(options: JuliaParBatchOptions): JobRequest {
  return request(
    JULIA_PAR_BATCH.name,
    options,
    (parameters): z.input<typeof JULIA_PAR_BATCH.schema> => parameters,
  );
}

/**
 * An array of processes that know nothing of each other; it succeeds when all of them do
 * (manual: Job Types, `JuliaParBatchWorkers`).
 */
export function juliaParBatchWorkers(options: JuliaParBatchWorkersOptions): JobRequest {
  return request(
    JULIA_PAR_BATCH_WORKERS.name,
    options,
    (parameters): z.input<typeof JULIA_PAR_BATCH_WORKERS.schema> => parameters,
  );
}

/**
 * Builds or updates a package bundle, which other jobs then name as `pkgBundle`. A build that fails or is killed leaves the bundle as it
 * was (manual: Job Types, `PkgBuilder`).
 */
export function pkgBuilder(options: PkgBuilderOptions): JobRequest {
  return request(
    PKG_BUILDER.name,
    options,
    (parameters): z.input<typeof PKG_BUILDER.schema> => parameters,
  );
}
