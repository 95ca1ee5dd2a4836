import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { juliaBatch, type Context, type JobRequest } from "@juliarun/core";
import { findEngine } from "@juliarun/scripts/engine";
import { ensureImage } from "@juliarun/scripts/images";
import { lineProgress } from "@juliarun/scripts/progress";
import type Dockerode from "dockerode";
import { openContext } from "./open-context.ts";
import { RAW } from "./raw-twin.ts";
import { SCRIPTS, type ScriptName } from "./scripts.ts";

const VOLUME = "bench";
/** Small, so that hundreds of jobs fit at once. */
const RESOURCES = { cpu: 0.01, memory: "24Mi" };

/** A namespace of its own on the user's Docker Engine, with records and a run volume in a temporary folder. */
export class BenchCluster {
  readonly docker: Dockerode;
  readonly context: Context;
  readonly namespace: string;
  readonly #host: string;
  readonly #image: string;
  /** Temporary: goes with the cluster. */
  readonly folder: string;
  readonly #extraContexts: Context[] = [];

  private constructor(parts: {
    docker: Dockerode;
    context: Context;
    namespace: string;
    host: string;
    image: string;
    folder: string;
  }) {
    this.docker = parts.docker;
    this.context = parts.context;
    this.namespace = parts.namespace;
    this.#host = parts.host;
    this.#image = parts.image;
    this.folder = parts.folder;
  }

  static async open(): Promise<BenchCluster> {
    const engine = await findEngine();
    if (!("docker" in engine)) throw new Error(`No Docker Engine answers: ${engine.reason}`);
    const { docker, address } = engine;
    const image = await ensureImage(docker, "busybox", lineProgress(process.stderr));
    const folder = await mkdtemp(join(tmpdir(), "jrun-bench-"));
    await mkdir(join(folder, "volume"));
    for (const [name, script] of Object.entries(SCRIPTS)) {
      await writeFile(join(folder, "volume", `${name}.sh`), script);
    }
    const namespace = `bench-${process.pid}`;
    const host = address;
    const context = await openContext({ host, image, folder, namespace, volume: VOLUME });
    return new BenchCluster({ docker, context, namespace, host, image, folder });
  }

  /** The engine's socket. */
  get socketPath(): string {
    if (!this.#host.startsWith("unix://")) {
      throw new Error(`Calls can be counted on a unix socket only, not on ${this.#host}.`);
    }
    return this.#host.slice("unix://".length);
  }

  /** Another context with the same records, which reaches the engine by that socket. */
  async through(socketPath: string): Promise<Context> {
    const context = await openContext({
      host: `unix://${socketPath}`,
      image: this.#image,
      folder: this.folder,
      namespace: this.namespace,
      volume: VOLUME,
    });
    this.#extraContexts.push(context);
    return context;
  }

  job(name: string, script: ScriptName, args: readonly string[] = []): JobRequest {
    return juliaBatch({
      name,
      startScript: `${script}.sh`,
      runVolume: VOLUME,
      args: [...args],
      ...RESOURCES,
    });
  }

  /** The container of a running job's master. */
  async containerOf(job: string): Promise<Dockerode.Container> {
    const [found] = await this.docker.listContainers({
      all: true,
      filters: { label: [`juliarun.namespace=${this.namespace}`, `juliarun.job=${job}`] },
    });
    if (!found) throw new Error(`Job ${job} has no container.`);
    return this.docker.getContainer(found.Id);
  }

  /** Closes what {@link BenchCluster.through} opened. */
  async closeExtra(): Promise<void> {
    await Promise.all(this.#extraContexts.splice(0).map(async (each) => each.close()));
  }

  /** Removes every object of this run. */
  async close(): Promise<void> {
    await this.closeExtra();
    await this.context.close();
    for (const prefix of ["juliarun", RAW]) {
      const label = [`${prefix}.namespace=${this.namespace}`];
      const containers = await this.docker.listContainers({ all: true, filters: { label } });
      for (const { Id } of containers) {
        await this.docker.getContainer(Id).remove({ force: true, v: true });
      }
    }
    const label = [`juliarun.namespace=${this.namespace}`];
    const networks = await this.docker.listNetworks({ filters: { label } });
    for (const { Id, Name } of networks) {
      // Engines sometimes take a network of removed containers for used; it can be removed after their restart.
      await this.docker
        .getNetwork(Id)
        .remove()
        .catch(() => process.stderr.write(`The engine keeps the network ${Name}.\n`));
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
