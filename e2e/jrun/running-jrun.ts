import { execa } from "execa";
import { fileURLToPath } from "node:url";

const binary = fileURLToPath(new URL("../../packages/cli/bin/jrun.js", import.meta.url));

/** Longer than anything may take here, shorter than a test may: so that it is told what did not happen. */
const PATIENCE_MS = 90_000;

/** How a command ended. */
export interface JrunResult {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command runs. */
export interface JrunSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A `jrun` command under way: the real one, in a process of its own. */
export class RunningJrun implements AsyncDisposable {
  readonly #args: readonly string[];
  readonly #process: ReturnType<typeof launch>;
  readonly #watchers = new Set<() => void>();
  #stdout = "";
  #stderr = "";
  #ended = false;

  constructor(args: readonly string[], surroundings: JrunSurroundings) {
    this.#args = args;
    this.#process = launch(args, surroundings);
    this.#process.stdout.setEncoding("utf8");
    this.#process.stderr.setEncoding("utf8");
    this.#process.stdout.on("data", (text) => this.#add(() => (this.#stdout += String(text))));
    this.#process.stderr.on("data", (text) => this.#add(() => (this.#stderr += String(text))));
    void this.#process.finally(() => this.#add(() => (this.#ended = true)));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** What it has written to standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** What it has written to standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves once its output holds the text so often; fails when it ends without. */
  async until(text: string, stream: "stdout" | "stderr" = "stdout", times = 1): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const what = JSON.stringify(text);
    const look = (): void => {
      if (this[stream].split(text).length > times) resolve();
      else if (this.#ended) reject(this.#complaint(`ended without ${what}`));
    };
    const timer = setTimeout(
      () => reject(this.#complaint(`goes on without ${what}`)),
      PATIENCE_MS,
    ).unref();
    this.#watchers.add(look);
    look();
    await promise.finally(() => {
      this.#watchers.delete(look);
      clearTimeout(timer);
    });
  }

  /** Its end, however it ends. */
  async result(): Promise<JrunResult> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(this.#complaint("does not end")), PATIENCE_MS).unref();
    const { exitCode } = await Promise.race([this.#process, promise]).finally(() =>
      clearTimeout(timer),
    );
    return { exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Its standard output, after a success; fails with everything that it wrote otherwise. */
  async success(): Promise<string> {
    const { exitCode, stdout } = await this.result();
    if (exitCode !== 0) throw this.#complaint(`ended with ${exitCode}`);
    return stdout;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.#process;
  }

  #add(change: () => void): void {
    change();
    for (const watcher of this.#watchers) watcher();
  }

  #complaint(what: string): Error {
    const output = `stdout:\n${this.#stdout}\nstderr:\n${this.#stderr}`;
    return new Error(`jrun ${this.#args.join(" ")} ${what}\n${output}`);
  }
}

function launch(args: readonly string[], { cwd, env }: JrunSurroundings) {
  const options = { stdin: "ignore", reject: false, buffer: false } as const;
  return execa(process.execPath, [binary, ...args], { ...options, cwd, env });
}
