import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "@juliarun/core";
import { RunningJrun, type JrunResult } from "./running-jrun.ts";

/** What a {@link JrunFolder} is made of. */
export interface JrunFolderParts {
  /** Has the configuration; commands run in it. */
  readonly folder: string;
  readonly namespace: string;
  /** For `JRUN_STATE_DIR`. */
  readonly stateFolder: string;
  /** Folder of this machine that is the run volume `juliarun`. */
  readonly volume: string;
  /** More variables of the commands' environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A user's folder, and the real `jrun` in it. */
export class JrunFolder {
  readonly folder: string;
  readonly namespace: string;
  /** The folder with records of jobs and logs of agents. */
  readonly stateFolder: string;
  /** The run volume's folder on this machine. */
  readonly volume: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #running: RunningJrun[] = [];

  constructor({ folder, namespace, stateFolder, volume, env = {} }: JrunFolderParts) {
    this.folder = folder;
    this.namespace = namespace;
    this.stateFolder = stateFolder;
    this.volume = volume;
    this.#env = {
      JRUN_STATE_DIR: stateFolder,
      JRUN_CONFIG: undefined,
      JRUN_DEBUG: undefined,
      FORCE_COLOR: undefined,
      ...env,
    };
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

  /** Changes keys of the configuration. */
  async configure(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const file = join(this.folder, "config.json");
    const config = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...config, ...changes }, undefined, 2));
  }

  /** Starts a `jrun` command; ended with the folder's owner at the latest. */
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

  /** The command line of {@link JrunFolder.submit}. */
  async submitLine(name: string, script: string, ...flags: readonly string[]): Promise<string[]> {
    const path = await this.file(`${name}.sh`, script);
    const sizes = ["--cpu", "100m", "--memory", "32Mi"];
    return ["submit", "JuliaBatch", name, path, "juliarun", "--image", "sh", ...sizes, ...flags];
  }

  /** What `jrun status -o json` says of a job. */
  async job(name: string): Promise<Job> {
    return JSON.parse(await this.jrun("status", name, "-o", "json")) as Job;
  }

  /** What `jrun ls -o json` says. */
  async jobs(): Promise<Job[]> {
    return JSON.parse(await this.jrun("ls", "-o", "json")) as Job[];
  }

  /** Ends the commands that still run, and the agent. */
  protected async endCommands(): Promise<void> {
    for (const running of this.#running) await running[Symbol.asyncDispose]();
    await this.run("agent", "--stop");
  }
}
