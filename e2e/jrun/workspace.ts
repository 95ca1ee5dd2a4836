import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "@juliarun/core";
import type Docker from "dockerode";
import { inject, onTestFinished } from "vitest";
import { testEngine } from "../setup/test-engine.ts";
import { ContainerEvents } from "./container-events.ts";
import { removeNamespace } from "./namespace-objects.ts";
import { RunningJrun, type JrunResult } from "./running-jrun.ts";

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
export class Workspace implements AsyncDisposable {
  readonly folder: string;
  readonly namespace: string;
  readonly docker: Docker;
  /** The folder with records of jobs (`JRUN_STATE_DIR`). */
  readonly stateFolder: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #running: RunningJrun[] = [];
  #removal: Promise<void> | undefined;

  private constructor(
    folder: string,
    namespace: string,
    docker: Docker,
    options: WorkspaceOptions,
  ) {
    const host = options.engine?.host;
    this.folder = folder;
    this.stateFolder = options.stateFolder ?? join(folder, "state");
    this.namespace = namespace;
    this.docker = docker;
    this.#env = {
      JRUN_STATE_DIR: this.stateFolder,
      JRUN_CONFIG: undefined,
      JRUN_DEBUG: undefined,
      FORCE_COLOR: undefined,
      ...(host === undefined ? {} : { DOCKER_HOST: host, DOCKER_CONTEXT: undefined }),
    };
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

  /** The run volume's folder on the host. */
  get volume(): string {
    return join(this.folder, "juliarun");
  }

  /** Writes a file to the run volume; its path in containers. */
  async file(name: string, content: string): Promise<string> {
    await writeFile(join(this.volume, name), content);
    return `/mnt/juliarun/${name}`;
  }

  /** Reads a file of the run volume. */
  async readFile(name: string): Promise<string> {
    return readFile(join(this.volume, name), "utf8");
  }

  /** Starts a `jrun` command; ended with the workspace at the latest. */
  start(...args: readonly string[]): RunningJrun {
    const running = new RunningJrun(args, { cwd: this.folder, env: this.#env });
    this.#running.push(running);
    return running;
  }

  /** Runs a `jrun` command to its end, whatever that is. */
  async run(...args: readonly string[]): Promise<JrunResult> {
    return this.start(...args).result();
  }

  /** Runs a `jrun` command that has to succeed; its standard output. */
  async jrun(...args: readonly string[]): Promise<string> {
    return this.start(...args).success();
  }

  /** Submits a shell script as a `JuliaBatch` job; the script's file has the job's name. */
  async submit(name: string, script: string, ...flags: readonly string[]): Promise<string> {
    return this.jrun(...(await this.submitLine(name, script, ...flags)));
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

  /** The command line of {@link Workspace.submit}. */
  async submitLine(name: string, script: string, ...flags: readonly string[]): Promise<string[]> {
    const path = await this.file(`${name}.sh`, script);
    const sizes = ["--cpu", "100m", "--memory", "32Mi"];
    return ["submit", "JuliaBatch", name, path, "juliarun", "--image", "sh", ...sizes, ...flags];
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

  /** What `jrun status -o json` says of a job. */
  async job(name: string): Promise<Job> {
    return JSON.parse(await this.jrun("status", name, "-o", "json")) as Job;
  }

  /** What `jrun ls -o json` says. */
  async jobs(): Promise<Job[]> {
    return JSON.parse(await this.jrun("ls", "-o", "json")) as Job[];
  }

  /** The namespace's containers, running or not. */
  async containers(): Promise<Docker.ContainerInfo[]> {
    const label = [`juliarun.namespace=${this.namespace}`];
    return this.docker.listContainers({ all: true, filters: { label } });
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
    for (const running of this.#running) await running[Symbol.asyncDispose]();
    await this.run("agent", "--stop");
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
