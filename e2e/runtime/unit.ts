import { execa } from "execa";
import { docker } from "./docker-cli.ts";

/** What a unit wrote, as the engine's log has it. */
export interface Output {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** A started container. */
export class Unit {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  /** Waits for the end; the exit code. */
  async exit(): Promise<number> {
    return Number(await docker("wait", this.id));
  }

  /** Everything in the engine's log so far. */
  async output(): Promise<Output> {
    return execa("docker", ["logs", this.id], {
      encoding: "buffer",
      stripFinalNewline: false,
    }).then(({ stdout, stderr }) => ({ stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) }));
  }

  /** Waits until the engine's log has `text` `times` times; fails when the unit ends without. */
  async says(text: string, times = 1): Promise<void> {
    const logs = execa("docker", ["logs", "--follow", this.id], { all: true, reject: false });
    let seen = "";
    for await (const line of logs.iterable({ from: "all" })) {
      seen += `${line}\n`;
      if (seen.split(text).length > times) {
        logs.kill();
        return;
      }
    }
    throw new Error(`unit ended without saying ${JSON.stringify(text)} ${times} times:\n${seen}`);
  }

  /** Runs a command in the container; its stdout. */
  async run(...command: readonly string[]): Promise<string> {
    return docker("exec", this.id, ...command);
  }

  async signal(name: string): Promise<void> {
    await docker("kill", "--signal", name, this.id);
  }

  /** As the engine stops it: SIGTERM, and SIGKILL after ten seconds. Milliseconds it took. */
  async stop(): Promise<number> {
    const started = performance.now();
    await docker("stop", "--time", "10", this.id);
    return performance.now() - started;
  }

  /** Starts it again after its end. */
  async start(): Promise<void> {
    await docker("start", this.id);
  }
}
