/** What every error code means outside the process; `docs/errors.md` is checked against this table. */
export interface ErrorEntry {
  /** HTTP status that a server answers with. */
  readonly status: number;
  /** Exit code of `jrun`. */
  readonly exitCode: number;
  /** Whether the same call may succeed later without any change by the caller. */
  readonly retryable: boolean;
  /** What to do about it, for `docs/errors.md` and as the hint where the thrower knows no better one. */
  readonly solve: string;
}

const entry = (
  status: number,
  exitCode: number,
  retryable: boolean,
  solve: string,
): ErrorEntry => ({
  status,
  exitCode,
  retryable,
  solve,
});

/** The one table of error codes: code to HTTP status, exit code, retryable, what to do. */
export const ERROR_TABLE = {
  CONFIG_INVALID: entry(
    400,
    2,
    false,
    "Correct the configuration file; `jrun config validate` lists every problem.",
  ),
  SPEC_INVALID: entry(
    400,
    2,
    false,
    "Correct the named parameter; `jrun submit <type> --help` lists them all.",
  ),
  UNAUTHENTICATED: entry(
    401,
    8,
    false,
    "Give valid credentials in the configuration's `compute.auth`.",
  ),
  FORBIDDEN: entry(
    403,
    8,
    false,
    "Ask the cluster's administrator for the right that the message names.",
  ),
  JOB_NOT_FOUND: entry(404, 3, false, "Check the name and the namespace with `jrun ls`."),
  IMAGE_NOT_FOUND: entry(
    404,
    3,
    false,
    "Check the image's name in the configuration, or pull or build it.",
  ),
  VOLUME_NOT_FOUND: entry(
    404,
    3,
    false,
    "Make the folder or volume that the configuration names, or correct its path.",
  ),
  FILE_NOT_FOUND: entry(
    404,
    3,
    false,
    "Check the path: `volume:path` for a volume, `./path` for this machine.",
  ),
  JOB_EXISTS: entry(
    409,
    4,
    false,
    "Choose another name, or submit with `--replace` to replace the job.",
  ),
  JOB_INCOMPLETE: entry(409, 4, false, "Wait for the job, or delete it with `--force`."),
  JOB_BEING_DELETED: entry(409, 4, true, "Wait until the deletion has finished, then try again."),
  STATE_CONFLICT: entry(409, 4, true, "Somebody else changed the job at the same time: try again."),
  PORT_TAKEN: entry(409, 4, true, "Choose another service port, or wait until the port is free."),
  NEVER_FITS: entry(422, 5, false, "Ask for less: no node of this cluster is that large."),
  QUOTA_EXCEEDED: entry(
    429,
    5,
    true,
    "Delete jobs or wait until others finish, or ask for a larger quota.",
  ),
  COPY_FAILED: entry(
    500,
    1,
    true,
    "Do what the message names, then copy again: no file is there in part.",
  ),
  CAPABILITY_UNSUPPORTED: entry(
    501,
    7,
    false,
    "Use a backend that can do this; `docs/backends.md` compares them.",
  ),
  INSUFFICIENT_CAPACITY: entry(503, 5, true, "Wait until other jobs finish."),
  BACKEND_UNREACHABLE: entry(
    503,
    6,
    true,
    "Start the engine or correct its address; `jrun doctor` examines it.",
  ),
  TIMED_OUT: entry(504, 124, true, "Try again, or allow more time."),
  CANCELLED: entry(499, 130, false, "Nothing: the caller ended the operation."),
  INTERNAL: entry(500, 1, false, "Report it, with the message and what you did."),
} as const satisfies Record<string, ErrorEntry>;

/** A code of {@link ERROR_TABLE}. */
export type ErrorCode = keyof typeof ERROR_TABLE;
