import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { isManagerError, findConfig, stateFolder, type FoundConfig } from "@juliarun/sdk";
import type { Session } from "../session.ts";
import { fail, ok, type Finding } from "./finding.ts";

const NEEDED_NODE = 24;

/** The Node that runs this. */
export function examineNode(version: string): Finding {
  const message = `Node ${version}`;
  if (Number.parseInt(version, 10) >= NEEDED_NODE) return ok("node", message);
  return fail("node", message, `Install Node ${NEEDED_NODE} or newer.`);
}

/** The configuration that commands use, and what is wrong with it. */
export async function examineConfig({
  io,
  options,
}: Session): Promise<{ found?: FoundConfig; finding: Finding }> {
  try {
    const found = await findConfig({ env: io.env, cwd: io.cwd, config: options.config });
    return {
      found,
      finding: ok("config", found.file ?? "none; the default is used (`jrun init` writes one)"),
    };
  } catch (error) {
    if (!isManagerError(error)) throw error;
    return { finding: fail("config", error.message, error.hint) };
  }
}

/** Whether records of jobs can be kept. */
export async function examineStateFolder({ io }: Session): Promise<Finding> {
  const folder = stateFolder(io.env, io.cwd);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
    return ok("state", folder);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return fail(
      "state",
      `${folder} cannot be written (${reason})`,
      "Correct its owner, or name another one by JRUN_STATE_DIR.",
    );
  }
}
