import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Context,
  createMemoryBackend,
  JobTypeRegistry,
  MemoryWorld,
  NoAccounting,
  programArgument,
  type MemoryWorldOptions,
  type Program,
} from "@juliarun/sdk";
import { runCli } from "../run-cli.ts";
import { CapturedIo, type CapturedIoOptions } from "./captured-io.ts";

/** How a command line ended. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line under way. */
export interface RunningCli {
  readonly io: CapturedIo;
  readonly result: Promise<CliResult>;
}

/** Runs `jrun` in this process on a simulated cluster, each command with a connection of its own. */
export class MemoryCli implements AsyncDisposable {
  readonly world: MemoryWorld;
  readonly #options: CapturedIoOptions;
  readonly #running: RunningCli[] = [];
  #cleanUp: (() => Promise<void>) | undefined;

  constructor(options: CapturedIoOptions = {}, world: MemoryWorldOptions = {}) {
    this.#options = options;
    this.world = new MemoryWorld(world);
  }

  /** In a new working folder, which is removed when this is disposed of. */
  static async inFolder(): Promise<MemoryCli> {
    const folder = await mkdtemp(join(tmpdir(), "jrun-unit-"));
    const cli = new MemoryCli({ cwd: folder });
    cli.#cleanUp = async () => rm(folder, { recursive: true });
    return cli;
  }

  /** Where the commands are run. */
  get folder(): string {
    return this.#options.cwd ?? "/nonexistent";
  }

  /** A context beside the commands. */
  open(namespace = "default"): Context {
    return new Context({
      backend: createMemoryBackend({ world: this.world, namespace }),
      jobTypes: new JobTypeRegistry(),
      plans: {
        images: { julia: { image: "julia:1", executable: "julia" } },
        volumes: { juliarun: { kind: "hostpath", path: "/data", readOnly: false } },
        packages: [],
      },
      accounting: new NoAccounting(),
    });
  }

  /** Begins a command line. */
  start(...args: readonly string[]): RunningCli {
    const open = async ({ namespace }: { namespace?: string | undefined }): Promise<Context> =>
      this.open(namespace);
    const io = new CapturedIo({ ...this.#options, open });
    const result = runCli(args, io).then((exitCode) => ({
      exitCode,
      stdout: io.stdout.text(),
      stderr: io.stderr.text(),
    }));
    const running = { io, result };
    this.#running.push(running);
    return running;
  }

  /** Runs a command line to its end. */
  async run(...args: readonly string[]): Promise<CliResult> {
    return this.start(...args).result;
  }

  /** Submits a job that does these steps, and returns when it is known. */
  async submit(
    name: string,
    steps: Program["steps"],
    ...more: readonly string[]
  ): Promise<CliResult> {
    return this.run(
      "submit",
      "JuliaBatch",
      name,
      "/main.jl",
      "juliarun",
      ...program(steps),
      "--restart=never",
      ...more,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { io } of this.#running) io.abort.abort();
    await Promise.all(this.#running.map(({ result }) => result));
    this.world.end();
    await this.#cleanUp?.();
  }
}

/** The arguments that make a job do these steps. */
export function program(steps: Program["steps"]): string[] {
  return ["--args", programArgument({ steps })];
}
