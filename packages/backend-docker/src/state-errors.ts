import { ManagerError } from "@juliarun/core";

/** SQLite's primary result codes that mean something to us. */
const SQLITE = {
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

/** A name of {@link SQLITE}. */
export type SqliteProblem = keyof typeof SQLITE;

/** What kind of problem SQLite had; undefined for other errors. */
export function sqliteProblem(error: unknown): SqliteProblem | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return undefined;
  // The lower byte is the primary code, the rest says more.
  const primary = Number(error.errcode) & 0xff;
  return NAMES.find((name) => SQLITE[name] === primary);
}

const NAMES = Object.keys(SQLITE) as SqliteProblem[];

/** Translates what opening or using a state file threw. */
export function toStateError(error: unknown, file: string): unknown {
  const problem = sqliteProblem(error) ?? fileProblem(error);
  if (problem === undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `Cannot use the state file ${file}: ${reason}`;
  const details = { file };
  switch (problem) {
    case "readOnly":
    case "cannotOpen":
      return new ManagerError("CONFIG_INVALID", message, {
        hint: "Make the folder writable for this user, or choose another one with JRUN_STATE_DIR.",
        details,
        cause: error,
      });
    case "full":
    case "ioError":
      return new ManagerError("INSUFFICIENT_CAPACITY", message, {
        hint: "Free space on that disk, or repair it.",
        details,
        cause: error,
      });
    case "busy":
      return new ManagerError("STATE_CONFLICT", message, { details, cause: error });
    default:
      return new ManagerError("INTERNAL", message, { details, cause: error });
  }
}

function fileProblem(error: unknown): SqliteProblem | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  switch (error.code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
    case "ENOENT":
      return "cannotOpen";
    case "ENOSPC":
    case "EDQUOT":
      return "full";
    case "EIO":
      return "ioError";
    default:
      return undefined;
  }
}
