import { setTimeout as sleep } from "node:timers/promises";
import { findPlugin, ManagerError, type Config } from "@juliarun/core";
import { findConfig, type FindConfigOptions } from "../config/find-config.ts";
import { agentLogFile } from "./agent-log.ts";
import type { Env } from "./agent-order.ts";
import { visitPlace, type AgentPlace } from "./agent-place.ts";
import { agentProcess, lastAgentPid, type AgentProcessOptions } from "./agent-process.ts";
import { dockerTarget, type AgentTarget } from "./agent-target.ts";
import type { AgentEnd } from "./run-agent.ts";
import { stateFolder } from "./state-folder.ts";

/** Whether an agent runs, and where it logs. */
export interface AgentState {
  readonly running: boolean;
  readonly pid?: number;
  readonly logFile: string;
}

/** Whose agent. */
export interface FindAgentOptions extends FindConfigOptions {
  /** Of a Kubernetes cluster; the configuration's where absent. */
  readonly namespace?: string | undefined;
}

const STOP_TIMEOUT_MS = 15_000;

/** The background agent of the engine, or of the namespace of a cluster, that a configuration names. */
export class AgentControl {
  readonly #target: AgentTarget;
  readonly #env: Env;

  private constructor(target: AgentTarget, env: Env) {
    this.#target = target;
    this.#env = env;
  }

  /** @throws ManagerError CONFIG_INVALID; CAPABILITY_UNSUPPORTED where the configured cluster needs no agent. */
  static async find(options: FindAgentOptions): Promise<AgentControl> {
    const { config, baseDir } = await findConfig(options);
    const stateDir = stateFolder(options.env, options.cwd);
    const namespace = options.namespace ?? config.compute.namespace;
    return new AgentControl(toTarget(config, { stateDir, baseDir, namespace }), options.env);
  }

  /** Makes this process the agent. @throws ManagerError BACKEND_UNREACHABLE. */
  async run(options: Omit<AgentProcessOptions, "env">): Promise<AgentEnd> {
    return agentProcess(this.#target, { ...options, env: this.#env });
  }

  /** @throws ManagerError BACKEND_UNREACHABLE for a Docker Engine that does not answer. */
  async state(): Promise<AgentState> {
    return visitPlace(this.#target, this.#env, agentState);
  }

  /** Asks the agent to end and waits for it; false when none runs. Jobs go on. @throws ManagerError TIMED_OUT. */
  async stop(): Promise<boolean> {
    return visitPlace(this.#target, this.#env, async ({ folder, agentLease }) => {
      const pid = (await agentLease.takenByOther()) ? lastAgentPid(folder) : undefined;
      if (pid === undefined) return false;
      process.kill(pid, "SIGTERM");
      for (let waitedMs = 0; await agentLease.takenByOther(); waitedMs += 50) {
        if (waitedMs > STOP_TIMEOUT_MS)
          throw new ManagerError("TIMED_OUT", `The agent (process ${pid}) does not end.`);
        await sleep(50);
      }
      return true;
    });
  }
}

/** What is known of the agent of a place. */
export async function agentState({
  folder,
  agentLease,
}: Pick<AgentPlace, "folder" | "agentLease">): Promise<AgentState> {
  const running = await agentLease.takenByOther();
  const pid = running ? lastAgentPid(folder) : undefined;
  return { running, logFile: agentLogFile(folder), ...(pid === undefined ? {} : { pid }) };
}

function toTarget(
  config: Config,
  place: { readonly stateDir: string; readonly baseDir: string; readonly namespace: string },
): AgentTarget {
  const backend = findPlugin("backend", config.clustertype);
  const id = backend?.type === "built-in" ? backend.id : undefined;
  if (id === "docker") return dockerTarget(config, place.stateDir, place.baseDir);
  if (id === "kubernetes") return { kind: "kubernetes", config, ...place };
  throw new ManagerError("CAPABILITY_UNSUPPORTED", `${config.clustertype} needs no agent.`, {
    hint: "Agents act for jobs on a Docker Engine or on Kubernetes only.",
  });
}
