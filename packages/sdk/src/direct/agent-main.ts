// Started by AgentStarter, detached: acts for an engine's jobs when nobody else is there.
import { agentProcess } from "./agent-process.ts";
import type { AgentTarget } from "./agent-target.ts";

const abort = new AbortController();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
  process.on(signal, () => abort.abort());

try {
  const target = JSON.parse(process.argv[2] ?? "") as AgentTarget;
  await agentProcess(target, { env: process.env, signal: abort.signal });
  process.exit(0);
} catch (error) {
  // Standard error is the agent's log.
  console.error(error);
  process.exit(1);
}
