import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toManagerError } from "@juliarun/core";
import { AgentLog } from "./agent-log.ts";
import type { Env } from "./agent-order.ts";
import { openTarget, type AgentPlace } from "./agent-place.ts";
import type { AgentTarget } from "./agent-target.ts";
import { runAgent, type AgentEnd } from "./run-agent.ts";

/** How an agent runs in this process. */
export interface AgentProcessOptions {
  readonly env: Env;
  readonly signal: AbortSignal;
  /** Told what happens, besides the log. */
  readonly onEvent?: (text: string) => void;
}

/**
 * Makes this process the agent of a target until nothing is left to do; its log in the target's folder says what it did.
 * @throws ManagerError BACKEND_UNREACHABLE when the target does not answer at the beginning.
 */
export async function agentProcess(
  target: AgentTarget,
  options: AgentProcessOptions,
): Promise<AgentEnd> {
  const { env, signal, onEvent } = options;
  let log: AgentLog | undefined;
  const tell = (text: string): void => {
    log?.write(text);
    onEvent?.(text);
  };
  try {
    const end = await runAgent({
      open: async () => openTarget(target, { env, onWarning: tell }),
      onActing: (site) => {
        log = new AgentLog(site.folder);
        notePid(site);
        tell(`acting for ${site.subject}`);
      },
      signal,
    });
    if (end !== "taken") tell(end === "idle" ? "nothing is left to do" : "stopped");
    return end;
  } catch (error) {
    const { code, message } = toManagerError(error);
    tell(`${code}: ${message}`);
    throw error;
  } finally {
    log?.close();
  }
}

const pidFile = (folder: string): string => join(folder, "agent.pid");

function notePid({ folder }: AgentPlace): void {
  writeFileSync(pidFile(folder), `${process.pid}\n`, { mode: 0o600 });
}

/** The process that became the agent last; to be trusted only while the agent's lease is taken. */
export function lastAgentPid(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(folder), "utf8"));
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}
