import { ManagerError } from "../errors/manager-error.ts";
import { nearestName } from "../schema/nearest-name.ts";
import { assertJobType } from "./define-job-type.ts";
import type { JobType } from "./job-type.ts";
import { GENERIC } from "./generic.ts";
import { JULIA_BATCH } from "./julia-batch.ts";
import { JULIA_PAR_BATCH } from "./julia-par-batch.ts";
import { JULIA_PAR_BATCH_WORKERS } from "./julia-par-batch-workers.ts";
import { PKG_BUILDER } from "./pkg-builder.ts";
import { MESSAGE_Q } from "./message-q.ts";
import { WEBSERVER } from "./webserver.ts";

/** The job types that come with JuliaRun. */
export const BUILT_IN_JOB_TYPES: readonly JobType[] = [
  JULIA_BATCH,
  JULIA_PAR_BATCH,
  JULIA_PAR_BATCH_WORKERS,
  PKG_BUILDER,
  WEBSERVER,
  MESSAGE_Q,
  GENERIC,
];

/** The job types that can be submitted: the built-in ones, then a user's own, registered the same way. */
export class JobTypeRegistry {
  readonly #types = new Map<string, JobType>();

  constructor(types: Iterable<JobType> = BUILT_IN_JOB_TYPES) {
    for (const type of types) this.register(type);
  }

  /**
   * Adds a type.
   * @param origin - where it came from, for messages.
   * @throws ManagerError CONFIG_INVALID when it is not a job type or its name is taken.
   */
  register(type: unknown, origin = "the value"): void {
    assertJobType(type, origin);
    if (this.#types.has(type.name)) {
      throw new ManagerError(
        "CONFIG_INVALID",
        `${origin} defines the job type ${type.name}, which exists already`,
      );
    }
    this.#types.set(type.name, type);
  }

  /** @throws ManagerError SPEC_INVALID that names the known types. */
  get(name: string): JobType {
    const type = this.#types.get(name);
    if (type) return type;
    const names = [...this.#types.keys()];
    const suggestion = nearestName(name, names);
    const guess = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
    throw new ManagerError(
      "SPEC_INVALID",
      `unknown job type ${JSON.stringify(name)}: there are ${names.join(", ")}${guess}`,
      {
        details: {
          issues: [
            {
              path: "type",
              message: "is unknown",
              ...(suggestion === undefined ? {} : { suggestion }),
            },
          ],
        },
      },
    );
  }

  has(name: string): boolean {
    return this.#types.has(name);
  }

  /** All types, in order of registration. */
  list(): JobType[] {
    return [...this.#types.values()];
  }
}
