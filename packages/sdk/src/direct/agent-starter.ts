import { spawn, type ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import { getCompileCacheDir } from "node:module";
import { dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { DockerSite } from "@juliarun/backend-docker";
import { openAgentLog } from "./agent-log.ts";
import type { AgentTarget } from "./agent-target.ts";

/** What an agent needs of its starter's environment: how to reach the engine. Tokens and the like are not among it. */
const PASSED_ON = [
  "HOME",
  "PATH",
  "LANG",
  "TZ",
  "TMPDIR",
  "XDG_RUNTIME_DIR",
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CONFIG",
  "DOCKER_CERT_PATH",
  "DOCKER_TLS_VERIFY",
  "SSH_AUTH_SOCK",
  "NODE_EXTRA_CA_CERTS",
  "USERPROFILE",
  "SystemRoot",
];

/** Starts a background agent for an engine where none is there. */
export class AgentStarter {
  readonly #target: AgentTarget;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #started: ChildProcess | undefined;

  constructor(target: AgentTarget, env: Readonly<Record<string, string | undefined>>) {
    this.#target = target;
    this.#env = env;
  }

  /** Resolves when there is an agent, or one is starting. Where none can be started, jobs wait for the next command instead. */
  readonly ensure = async ({ folder, agentLease }: DockerSite): Promise<void> => {
    const starting =
      this.#started !== undefined &&
      this.#started.exitCode === null &&
      this.#started.signalCode === null;
    if (starting || (await agentLease.takenByOther())) return;
    this.#started = await this.#spawn(folder);
  };

  /** A process of its own, which outlives its starter and its terminal. */
  async #spawn(folder: string): Promise<ChildProcess | undefined> {
    const log = openAgentLog(folder);
    try {
      const child = spawn(
        process.execPath,
        [...nodeOptions(), agentMain(), JSON.stringify(this.#target)],
        {
          cwd: folder,
          detached: true,
          stdio: ["ignore", log, log],
          env: this.#passedOn(),
          windowsHide: true,
        },
      );
      const spawned = await new Promise<boolean>((resolve) => {
        child.once("spawn", () => resolve(true));
        child.once("error", () => resolve(false));
      });
      child.unref();
      return spawned ? child : undefined;
    } finally {
      closeSync(log);
    }
  }

  #passedOn(): Record<string, string> {
    const passed: Record<string, string> = {};
    for (const name of PASSED_ON) {
      const value = this.#env[name];
      if (value !== undefined) passed[name] = value;
    }
    // Compiled code of the starter's is the agent's too; it starts in half the time.
    const cache = getCompileCacheDir();
    if (cache !== undefined) passed["NODE_COMPILE_CACHE"] = dirname(cache);
    return passed;
  }
}

/** Beside this file: as TypeScript in the repository, as JavaScript where it was built. */
function agentMain(): string {
  return fileURLToPath(new URL(`./agent-main${extname(import.meta.url)}`, import.meta.url));
}

/** Little memory before speed: an agent mostly waits. */
function nodeOptions(): string[] {
  const conditions = extname(import.meta.url) === ".ts" ? ["--conditions=source"] : [];
  return [
    ...conditions,
    "--disable-warning=ExperimentalWarning",
    "--max-semi-space-size=1",
    "--optimize-for-size",
  ];
}
