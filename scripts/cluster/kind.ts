import { isOnPath } from "../engine/debian.ts";
import type { Progress } from "../progress/progress.ts";
import { command } from "./command.ts";
import { ensureGoProgram } from "./go-programs.ts";
import { versions } from "./versions.ts";

/** The kind program: the one on the PATH where it is of the release that was tried, else one built into the cache folder. */
export async function ensureKind(progress: Progress): Promise<string> {
  if (isOnPath("kind")) {
    const answer = await command("kind", ["version"], { purpose: "Asking kind for its version" });
    if (isSameRelease(answer, versions.kind)) return "kind";
  }
  return ensureGoProgram("sigs.k8s.io/kind", versions.kind, progress);
}

/** KWOK's controller, which plays nodes and pods: for measuring with more of them than a machine can run. */
export async function ensureKwok(progress: Progress): Promise<string> {
  return ensureGoProgram("sigs.k8s.io/kwok/cmd/kwok", versions.kwok, progress);
}

/** Whether `kind version` answered a version that differs from this one in its patch number only. */
export function isSameRelease(answer: string, version: string): boolean {
  return release(answer) !== undefined && release(answer) === release(version);
}

function release(text: string): string | undefined {
  return /v\d+\.\d+(?=\.)/.exec(text)?.[0];
}
