import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isOnPath } from "@juliarun/scripts/engine";
import Docker from "dockerode";
import { killIfAlive, removeAbandonedEngines, removeEngineFolder } from "./leftovers.ts";
import { createEnclosure, type Enclosure } from "./enclosure.ts";

const prefix = "jrun-engine-";

/** Why a {@link PrivateEngine} cannot run here, or undefined where it can. */
export function privateEngineObstacle(): string | undefined {
  if (process.platform !== "linux") return "a private dockerd needs Linux";
  if (process.getuid?.() !== 0) return "a private dockerd needs root";
  const missing = ["dockerd", "unshare", "nsenter"].filter((name) => !isOnPath(name));
  return missing.length > 0 ? `not on the PATH: ${missing.join(", ")}` : undefined;
}

/**
 * A second Docker Engine for fault tests, apart from the user's: own data, sockets and network. Its containers
 * reach each other, but nothing outside, and their published ports are inside {@link PrivateEngine.enter}.
 */
export class PrivateEngine implements AsyncDisposable {
  /** Its `DOCKER_HOST`. */
  readonly host: string;
  readonly docker: Docker;
  readonly #folder: string;
  readonly #enclosure: Enclosure;
  #process: ChildProcess | undefined;
  readonly #endWithUs = () => this.#process?.kill("SIGKILL");

  private constructor(folder: string, enclosure: Enclosure) {
    this.#folder = folder;
    this.#enclosure = enclosure;
    this.host = `unix://${folder}/docker.sock`;
    this.docker = new Docker({ socketPath: `${folder}/docker.sock` });
    process.once("exit", this.#endWithUs);
  }

  /** A running engine without images. */
  static async create(): Promise<PrivateEngine> {
    const obstacle = privateEngineObstacle();
    if (obstacle !== undefined) throw new Error(obstacle);
    await removeAbandonedEngines(tmpdir(), prefix);
    // Short, because a socket's path may have 107 characters.
    const folder = await mkdtemp(join(tmpdir(), prefix));
    await writeFile(join(folder, "owner"), String(process.pid));
    const engine = new PrivateEngine(folder, await createEnclosure());
    try {
      await engine.start();
      return engine;
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts dockerd, on the same data as before, and waits until it answers. */
  async start(): Promise<void> {
    if (this.#process !== undefined) throw new Error("the private dockerd runs already");
    const folder = this.#folder;
    const options = ["--data-root", `${folder}/data`, "--exec-root", `${folder}/exec`];
    const files = ["--pidfile", `${folder}/dockerd.pid`, "--host", this.host];
    const [command, ...args] = this.#enclosure.enter(["dockerd", ...options, ...files]);
    const log = openSync(join(folder, "dockerd.log"), "a");
    // A process group of its own: a Ctrl-C of the test run is not the fault to be tested.
    const child = spawn(command, args, { detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    child.unref();
    this.#process = child;
    child.once("exit", () => (this.#process = undefined));
    await this.#untilAnswer();
  }

  /** Ends dockerd as a service manager does: its containers are stopped first. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Ends dockerd and its containerd at once; containers go on running until the next start. */
  async kill(): Promise<void> {
    const pidFile = `${this.#folder}/exec/containerd/containerd.pid`;
    const pid = Number(await readFile(pidFile, "utf8"));
    await this.#end("SIGKILL");
    killIfAlive(pid, "SIGKILL");
    while (await isAlive(pid)) await sleep(5);
    // The next dockerd would take a dead one that nobody has waited for yet for a running one.
    await rm(pidFile);
  }

  /** Copies images from another engine. */
  async load(from: Docker, ...images: readonly string[]): Promise<void> {
    for (const image of images) {
      const answer = await this.docker.loadImage(await from.getImage(image).get());
      for await (const chunk of answer) {
        if (String(chunk).includes('"error"'))
          throw new Error(`loading ${image}: ${String(chunk)}`);
      }
    }
  }

  /** The command line that runs a command in this engine's network, as on its host. */
  enter(command: readonly string[]): [string, ...string[]] {
    return this.#enclosure.enter(command);
  }

  /** What dockerd has written. */
  async log(): Promise<string> {
    return readFile(join(this.#folder, "dockerd.log"), "utf8");
  }

  /** Ends it with all of its containers, in whatever state it is, and deletes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    process.removeListener("exit", this.#endWithUs);
    const running = this.#process !== undefined;
    // The engine cleans up better than we do (cgroups), but need not succeed.
    if (running) await this.#removeContainers().catch(() => {});
    await this.#end("SIGKILL");
    this.#enclosure.close();
    await removeEngineFolder(this.#folder);
  }

  async #removeContainers(): Promise<void> {
    const containers = await this.docker.listContainers({ all: true });
    const removals = containers.map(({ Id }) =>
      this.docker.getContainer(Id).remove({ force: true }),
    );
    await Promise.allSettled(removals);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.ref();
    child.kill(signal);
    await ended;
  }

  async #untilAnswer(): Promise<void> {
    const deadlineMs = Date.now() + 30_000;
    for (;;) {
      const answered = await this.docker.ping().then(
        () => true,
        () => false,
      );
      if (answered) return;
      if (this.#process === undefined || Date.now() > deadlineMs) {
        throw new Error(`the private dockerd does not answer:\n${(await this.log()).slice(-2000)}`);
      }
      await sleep(50);
    }
  }
}

// Not signal 0: a dead process that nobody has waited for yet still accepts it.
async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status !== "" && !/\) [ZX] /.test(status);
}
