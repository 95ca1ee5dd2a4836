import { spawn, type ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import { getCompileCacheDir } from "node:module";
import { dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { openAgentLog } from "./agent-log.ts";
import { writeOrder, type Env } from "./agent-order.ts";
import type { AgentPlace } from "./agent-place.ts";
import type { AgentTarget } from "./agent-target.ts";

/** What an agent needs of its starter's environment: how to reach its target. Tokens and the like are not among it. */
const PASSED_ON: ReadonlySet<string> = new Set([
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
]);

/** The same for Kubernetes: a kubeconfig may name a program that gives credentials, with settings of its own. */
const KUBERNETES = /^(KUBE|AWS_|AZURE_|AAD_|CLOUDSDK_|GOOGLE_|USE_GKE_|(HTTPS?|NO)_PROXY$)/i;

/** Starts background agents where none is there. */
export class AgentStarter {
  readonly #env: Env;
  readonly #started = new Map<string, ChildProcess>();

  constructor(env: Env) {
    this.#env = env;
  }

  /** Resolves when there is an agent, or one is starting. Where none can be started, jobs wait for the next command instead. */
  async ensure(
    target: AgentTarget,
    { folder, agentLease }: Pick<AgentPlace, "folder" | "agentLease">,
  ): Promise<void> {
    const last = this.#started.get(folder);
    const starting = last !== undefined && last.exitCode === null && last.signalCode === null;
    if (starting || (await agentLease.takenByOther())) return;
    const child = await this.#spawn(target, folder);
    if (child) this.#started.set(folder, child);
  }

  /** A process of its own, which outlives its starter and its terminal. */
  async #spawn(target: AgentTarget, folder: string): Promise<ChildProcess | undefined> {
    const log = openAgentLog(folder);
    try {
      const child = spawn(process.execPath, [...nodeOptions(), agentMain()], {
        cwd: folder,
        detached: true,
        stdio: ["pipe", log, log],
        env: this.#passedOn(target),
        windowsHide: true,
      });
      child.unref();
      return (await handOver(child, writeOrder(target, this.#env))) ? child : undefined;
    } finally {
      closeSync(log);
    }
  }

  #passedOn({ kind }: AgentTarget): Record<string, string> {
    const passed: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#env)) {
      const wanted = PASSED_ON.has(name) || (kind === "kubernetes" && KUBERNETES.test(name));
      if (wanted && value !== undefined) passed[name] = value;
    }
    // Compiled code of the starter's is the agent's too; it starts in half the time.
    const cache = getCompileCacheDir();
    if (cache !== undefined) passed["NODE_COMPILE_CACHE"] = dirname(cache);
    return passed;
  }
}

/** Whether the process has started and has got its order. */
async function handOver(child: ChildProcess, order: string): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.stdin?.once("error", () => resolve(false));
    child.stdin?.end(order, () => resolve(true));
  });
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
    // Node 24 may wait for ever at its exit for a thread that compiles, and waits itself for memory.
    "--no-concurrent-sparkplug",
  ];
}
