import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { inject, onTestFinished } from "vitest";
import { testEngine } from "../setup/test-engine.ts";
import { ContainerEvents } from "./container-events.ts";
import { JrunFolder } from "./jrun-folder.ts";
import { removeNamespace } from "./namespace-objects.ts";

/** How a workspace differs from the usual one. */
export interface WorkspaceOptions {
  /** More keys of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** More keys of its `compute`. */
  readonly compute?: Readonly<Record<string, unknown>>;
  /** Another engine than the one of all tests. */
  readonly engine?: { readonly docker: Docker; readonly host: string };
  /** Another workspace whose namespace's name, but nothing else, this one has too. */
  readonly namespaceOf?: Workspace;
  /** Folder for records; one inside the workspace where absent. */
  readonly stateFolder?: string;
  /** Owner of the run volume's folder; this process's user where absent. */
  readonly owner?: number;
}

/** A user's folder on an engine: configuration, records and a run volume of its own, and the real `jrun` in it. */
export class Workspace extends JrunFolder implements AsyncDisposable {
  readonly docker: Docker;
  #removal: Promise<void> | undefined;

  private constructor(
    folder: string,
    namespace: string,
    docker: Docker,
    { engine, stateFolder = join(folder, "state") }: WorkspaceOptions,
  ) {
    const env = engine && { DOCKER_HOST: engine.host, DOCKER_CONTEXT: undefined };
    const volume = join(folder, "juliarun");
    super({ folder, namespace, stateFolder, volume, ...(env ? { env } : {}) });
    this.docker = docker;
  }

  /**
   * Within a test, with which it ends, even where that runs out of time.
   * Volume `juliarun`, image `julia` (the default one), and image `sh`, which runs shell scripts cheaply.
   */
  static async create(options: WorkspaceOptions = {}): Promise<Workspace> {
    const { images } = inject("docker");
    const folder = await mkdtemp(join(tmpdir(), "jrun-e2e-"));
    const namespace = options.namespaceOf?.namespace ?? `e2e-${randomBytes(5).toString("hex")}`;
    const docker = options.engine?.docker ?? (await testEngine());
    const workspace = new Workspace(folder, namespace, docker, options);
    onTestFinished(async () => workspace[Symbol.asyncDispose]());
    await mkdir(workspace.volume);
    if (options.owner !== undefined) await chown(workspace.volume, options.owner, options.owner);
    const config = {
      clustertype: "Docker",
      compute: { namespace, ...options.compute },
      storage: { hostpath: [{ name: "juliarun", path: "juliarun", readonly: false }] },
      images: {
        julia: { image: images.julia, executable: "julia" },
        sh: { image: images.busybox, executable: "sh" },
      },
      ...options.config,
    };
    await writeFile(join(folder, "config.json"), JSON.stringify(config, undefined, 2));
    return workspace;
  }

  /** Submits as {@link Workspace.submit} does and waits until the job's container has started. */
  async submitStarted(
    name: string,
    script: string,
    ...flags: readonly string[]
  ): Promise<Docker.Container> {
    using events = await ContainerEvents.follow(this.docker, this.namespace);
    await this.submit(name, script, ...flags);
    await events.until("start", 1, name);
    return await this.container(name);
  }

  /** The database files with the records of jobs. */
  async recordFiles(): Promise<string[]> {
    const names = await readdir(this.stateFolder, { recursive: true });
    return names
      .filter((name) => name.endsWith(".sqlite"))
      .map((name) => join(this.stateFolder, name));
  }

  /** Deletes the records of all jobs, whoever has them open. */
  async loseRecords(): Promise<void> {
    for (const file of await this.recordFiles()) {
      for (const suffix of ["", "-wal", "-shm"]) await rm(file + suffix, { force: true });
    }
  }

  /** The namespace's containers, running or not. */
  async containers(): Promise<Docker.ContainerInfo[]> {
    const label = [`juliarun.namespace=${this.namespace}`];
    return this.docker.listContainers({ all: true, filters: { label } });
  }

  /** Names of everything on the engine that belongs to jobs here. */
  async objects(): Promise<string[]> {
    return (await this.containers()).flatMap(({ Names }) => Names);
  }

  /** The only container of a job's unit. */
  async container(job: string, unit = "master"): Promise<Docker.Container> {
    const all = await this.containers();
    const found = all.filter(({ Names }) => Names.some((name) => isOf(name, job, unit)));
    const [only] = found;
    if (!only || found.length > 1) throw new Error(`${job} ${unit} has ${found.length} containers`);
    return this.docker.getContainer(only.Id);
  }

  /** Ends its commands and its agent, then removes everything that has its namespace. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#removal ??= this.#remove();
    return this.#removal;
  }

  async #remove(): Promise<void> {
    await this.endCommands();
    await removeNamespace(this.docker, this.namespace);
    // An agent that a killed command had just started may still write its first files.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Container names are `jrun_<namespace>_<job>_<uid>_<unit>_<attempt>`. */
function isOf(name: string, job: string, unit: string): boolean {
  const [, , of, , which] = name.split("_");
  return of === job && which === unit;
}
