import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * The folder for records of jobs and logs of agents: `JRUN_STATE_DIR`, else `juliarun` in `XDG_STATE_HOME`, else
 * `~/.local/state/juliarun`. Made by whoever first writes to it.
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string {
  const own = env["JRUN_STATE_DIR"];
  if (own) return resolve(cwd, own);
  const base = env["XDG_STATE_HOME"];
  // The XDG specification says to ignore a relative path.
  if (base && isAbsolute(base)) return join(base, "juliarun");
  return join(env["HOME"] || homedir(), ".local", "state", "juliarun");
}
