// Apart from the rest, so that who needs none of it does not load a Docker client.
export { AgentControl, type AgentState } from "./direct/agent-control.ts";
export {
  examineDocker,
  type DockerFacts,
  type ExamineDockerOptions,
} from "./direct/examine-docker.ts";
export type { AgentEnd } from "./direct/run-agent.ts";
