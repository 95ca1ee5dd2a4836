import { setTimeout as sleep } from "node:timers/promises";
import { findPlugin, ManagerError } from "@juliarun/core";
import { findConfig, type FindConfigOptions } from "../config/find-config.ts";
import { agentLogFile } from "./agent-log.ts";
import { agentProcess, lastAgentPid, type AgentProcessOptions } from "./agent-process.ts";
import { agentTarget, type AgentTarget } from "./agent-target.ts";
import { openDocker } from "./open-docker.ts";
import type { AgentEnd } from "./run-agent.ts";
import { stateFolder } from "./state-folder.ts";

/** Whether an agent runs, and where it logs. */
export interface AgentState {
  readonly running: boolean;
  readonly pid?: number;
  readonly logFile: string;
}

const STOP_TIMEOUT_MS = 15_000;

/** The background agent of the engine that a configuration names. */
export class AgentControl {
  readonly #target: AgentTarget;
  readonly #env: FindConfigOptions["env"];

  private constructor(target: AgentTarget, env: FindConfigOptions["env"]) {
    this.#target = target;
    this.#env = env;
  }

  /** @throws ManagerError CONFIG_INVALID; CAPABILITY_UNSUPPORTED where the configured cluster needs no agent. */
  static async find(options: FindConfigOptions): Promise<AgentControl> {
    const { config } = await findConfig(options);
    const backend = findPlugin("backend", config.clustertype);
    if (backend?.type !== "built-in" || backend.id !== "docker") {
      throw new ManagerError("CAPABILITY_UNSUPPORTED", `${config.clustertype} needs no agent.`, {
        hint: "Agents act for jobs on a Docker Engine only.",
      });
    }
    return new AgentControl(
      agentTarget(config, stateFolder(options.env, options.cwd)),
      options.env,
    );
  }

  /** Makes this process the agent. @throws ManagerError BACKEND_UNREACHABLE. */
  async run(options: Omit<AgentProcessOptions, "env">): Promise<AgentEnd> {
    return agentProcess(this.#target, { ...options, env: this.#env });
  }

  /** @throws ManagerError BACKEND_UNREACHABLE. */
  async state(): Promise<AgentState> {
    return this.#visit(async ({ folder, agentLease }) => {
      const running = await agentLease.takenByOther();
      const pid = running ? lastAgentPid(folder) : undefined;
      return { running, logFile: agentLogFile(folder), ...(pid === undefined ? {} : { pid }) };
    });
  }

  /** Asks the agent to end and waits for it; false when none runs. Jobs go on. @throws ManagerError TIMED_OUT. */
  async stop(): Promise<boolean> {
    return this.#visit(async ({ folder, agentLease }) => {
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

  async #visit<Result>(
    look: (site: Awaited<ReturnType<typeof openDocker>>) => Promise<Result>,
  ): Promise<Result> {
    const site = await openDocker(this.#target, { env: this.#env, namespace: "default" });
    try {
      return await look(site);
    } finally {
      await site.backend.close();
    }
  }
}
