// Started by AgentStarter, detached: acts for jobs when nobody else is there.
import { text } from "node:stream/consumers";
import { readOrder } from "./agent-order.ts";
import { agentProcess } from "./agent-process.ts";

const abort = new AbortController();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
  process.on(signal, () => abort.abort());

try {
  const { target, variables } = readOrder(await text(process.stdin));
  await agentProcess(target, { env: { ...process.env, ...variables }, signal: abort.signal });
  process.exit(0);
} catch (error) {
  // Standard error is the agent's log.
  console.error(error);
  process.exit(1);
}
