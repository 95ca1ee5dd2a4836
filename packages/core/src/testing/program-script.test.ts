import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogStream } from "../logs/log-entry.ts";
import { interpret } from "../memory/interpret.ts";
import { programOf, type Program } from "../memory/program.ts";
import { programCommand } from "./program-script.ts";

let stateDir: string;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "program-script-"));
});

afterAll(async () => rm(stateDir, { recursive: true }));

interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ENV = { JRUN_UID: "uid", JRUN_UNIT: "worker-1", JRUN_WORKER_INDEX: "1", GREETING: "a 'b'" };

/** The program as a real shell runs it. */
async function runScript(program: Program, stopAfterMs?: number): Promise<Ran> {
  const [file = "", ...args] = programCommand(program, stateDir);
  const child = spawn(file, args, { env: { PATH: "/usr/bin:/bin", ...ENV } });
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on("data", (chunk: Buffer) => output.stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.stderr.push(chunk));
  if (stopAfterMs !== undefined) setTimeout(() => child.kill("SIGTERM"), stopAfterMs);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on("exit", resolve);
  });
  // A sleep that the shell left behind holds the pipes open.
  child.stdout.destroy();
  child.stderr.destroy();
  const text = (stream: LogStream): string => Buffer.concat(output[stream]).toString("latin1");
  return { exitCode, stdout: text("stdout"), stderr: text("stderr") };
}

/** The program as the memory backend runs it. */
async function runInterpreted(
  program: Program,
  earlierStarts: number,
  stopAfterMs?: number,
): Promise<Ran> {
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const files = new Map<string, Uint8Array>();
  const host = {
    unit: { role: "worker", index: 1 } as const,
    earlierStarts,
    env: ENV,
    readFile: (path: string) => files.get(path),
    touch: (path: string) => void files.set(path, new Uint8Array()),
    write: (stream: LogStream, bytes: Uint8Array) => void output[stream].push(bytes),
    listen: () => undefined,
    ask: () => undefined,
  };
  const stop = new AbortController();
  if (stopAfterMs !== undefined) setTimeout(() => stop.abort(), stopAfterMs);
  const { exitCode } = await interpret(program, host, stop.signal);
  const text = (stream: LogStream): string => Buffer.concat(output[stream]).toString("latin1");
  return { exitCode, stdout: text("stdout"), stderr: text("stderr") };
}

const bytes = Buffer.from([0xff, 0x00, 0x0a, 0x5c, 0x27, 0x25, 0x41]).toString("base64");

test.each<{ name: string; program: Program; stopAfterMs?: number }>([
  { name: "nothing", program: { steps: [] } },
  {
    name: "lines on both streams",
    program: {
      steps: [
        { do: "print", text: String.raw`it's "quoted" $HOME \n %s` },
        { do: "print", text: "", stream: "stderr" },
        { do: "count", prefix: "line ", lines: 3 },
        { do: "count", prefix: "slow ", lines: 2, everyMs: 5, stream: "stderr" },
      ],
    },
  },
  { name: "bytes", program: { steps: [{ do: "write", base64: bytes }] } },
  {
    name: "an exit code",
    program: {
      steps: [
        { do: "sleep", ms: 5 },
        { do: "exit", code: 7 },
      ],
    },
  },
  {
    name: "a missing file",
    program: { steps: [{ do: "printFile", path: "/nonexistent/file" }] },
  },
  {
    name: "environment and steps of one worker",
    program: {
      steps: [
        { do: "printEnv", names: ["GREETING", "NOT_SET"] },
        { do: "onWorker", index: 0, steps: [{ do: "exit", code: 1 }] },
        { do: "onWorker", index: 1, steps: [{ do: "print", text: "mine" }] },
      ],
    },
  },
  { name: "a stop", program: { steps: [{ do: "untilStopped" }] }, stopAfterMs: 100 },
  {
    name: "a stop while it sleeps, with last words",
    program: {
      steps: [{ do: "sleep", ms: 30_000 }],
      onStop: { afterMs: 10, print: "bye", exitCode: 3 },
    },
    stopAfterMs: 100,
  },
])("a shell does what the memory backend does: $name", async ({ program, stopAfterMs }) => {
  const [real, interpreted] = await Promise.all([
    runScript(program, stopAfterMs),
    runInterpreted(program, 0, stopAfterMs),
  ]);
  // The words of `cat` differ between systems.
  expect({ ...real, stderr: real.stderr.replace(/^.*No such/m, "No such") }).toEqual({
    ...interpreted,
    stderr: interpreted.stderr.replace(/^.*No such/m, "No such"),
  });
});

test("a shell fails in its first starts as the memory backend does", async () => {
  const program: Program = {
    steps: [
      { do: "failFirst", starts: 2, code: 4 },
      { do: "print", text: "done" },
    ],
  };
  for (const earlierStarts of [0, 1, 2]) {
    expect(await runScript(program)).toEqual(await runInterpreted(program, earlierStarts));
  }
});

test("a shell waits for a file as the memory backend does", async () => {
  const path = join(stateDir, "it's a gate");
  const program: Program = {
    steps: [
      { do: "touch", path },
      { do: "waitFor", path },
      { do: "print", text: "through" },
    ],
  };
  expect(await runScript(program)).toEqual(await runInterpreted(program, 0));
  const waiting: Program = { steps: [{ do: "waitFor", path: `${path}/never` }] };
  expect(await runScript(waiting, 50)).toEqual(await runInterpreted(waiting, 0, 50));
});

test("the memory backend finds the program in the command", () => {
  const program: Program = { steps: [{ do: "print", text: "a" }], onStop: { exitCode: 0 } };
  expect(programOf(programCommand(program, "/tmp"))).toEqual(program);
  expect(programOf(["/bin/sh", "-c", "true"])).toBeUndefined();
});
