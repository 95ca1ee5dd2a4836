import type { AgentState } from "@juliarun/sdk/agent";
import { ok, warn, type Finding } from "./finding.ts";

/** Whether somebody acts for the jobs that are not finished. */
export function agentFinding({ running, pid, logFile }: AgentState, unfinished: number): Finding {
  const jobs = unfinished === 1 ? "1 unfinished job" : `${unfinished} unfinished jobs`;
  if (running)
    return ok(
      "agent",
      `runs${pid === undefined ? "" : ` (process ${pid})`}, ${jobs}; log: ${logFile}`,
    );
  if (unfinished === 0) return ok("agent", "none runs, and none is needed: no unfinished jobs");
  return warn(
    "agent",
    `none runs, with ${jobs}`,
    `\`jrun agent\` acts for them; ${logFile} may say why the last one ended.`,
  );
}
