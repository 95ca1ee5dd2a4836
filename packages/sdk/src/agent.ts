// Apart from the rest, so that who needs none of it does not load it.
export { AgentControl, type AgentState, type FindAgentOptions } from "./direct/agent-control.ts";
export type { AgentEnd } from "./direct/run-agent.ts";
