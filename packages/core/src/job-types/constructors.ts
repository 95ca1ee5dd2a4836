import type { z } from "zod";
import { GENERIC } from "./generic.ts";
import type {
  ContainerJobOptions,
  GenericOptions,
  JuliaBatchOptions,
  JuliaParBatchOptions,
  JuliaParBatchWorkersOptions,
  JuliaScriptOptions,
  PkgBuilderOptions,
  MessageQOptions,
  WebserverOptions,
} from "./job-options.ts";
import type { JobRequest } from "./job-request.ts";
import { JULIA_BATCH } from "./julia-batch.ts";
import { JULIA_PAR_BATCH } from "./julia-par-batch.ts";
import { JULIA_PAR_BATCH_WORKERS } from "./julia-par-batch-workers.ts";
import { MESSAGE_Q } from "./message-q.ts";
import { PKG_BUILDER } from "./pkg-builder.ts";
import { WEBSERVER } from "./webserver.ts";

type AnyOptions = JuliaScriptOptions | ContainerJobOptions;
type ParametersOf<Options extends AnyOptions> = Omit<Options, "name" | "files">;

function request<Options extends AnyOptions>(
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

/** A web server whose containers all answer at one endpoint (manual: Job Types, `Webserver`). */
export function webserver(options: WebserverOptions): JobRequest {
  return request(
    WEBSERVER.name,
    options,
    (parameters): z.input<typeof WEBSERVER.schema> => parameters,
  );
}

/** A message queue server with a name and data of its own (manual: Job Types, `MessageQ`). */
export function messageQ(options: MessageQOptions): JobRequest {
  return request(
    MESSAGE_Q.name,
    options,
    (parameters): z.input<typeof MESSAGE_Q.schema> => parameters,
  );
}

/** Any program of any image: a service where it has ports, else a task. */
export function generic(options: GenericOptions): JobRequest {
  return request(GENERIC.name, options, (parameters): z.input<typeof GENERIC.schema> => parameters);
}
