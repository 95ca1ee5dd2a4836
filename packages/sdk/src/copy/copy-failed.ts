import { isManagerError, ManagerError, showBytes, type ByteText } from "@juliarun/core";

/** What a program in the container of a volume said when it failed. */
export function volumeFailed(volume: string, doing: string, stderr: string): ManagerError {
  const words = showBytes(stderr.trim().split("\n").slice(-3).join("; "));
  return new ManagerError(
    "COPY_FAILED",
    `Cannot ${doing} volume ${volume}: ${words === "" ? "the program ended without a word" : words}`,
    { details: { volume } },
  );
}

/** An error of this machine's file system, in our words; anything else as it is. */
export function localFailed(error: unknown, doing: string, path: ByteText): unknown {
  if (isManagerError(error) || !(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  const shown = showBytes(path);
  if (code === "ENOENT") {
    return new ManagerError("FILE_NOT_FOUND", `There is no ${shown} on this machine.`, {
      cause: error,
      details: { path: shown },
    });
  }
  const why = REASONS[code] ?? code;
  return new ManagerError("COPY_FAILED", `Cannot ${doing} ${shown}: ${why}.`, {
    cause: error,
    details: { path: shown },
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENOTDIR: "something in its path is not a folder",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "the name is too long",
  EXDEV: "the destination spans several file systems",
};
