import { setTimeout as sleep } from "node:timers/promises";
import type { LogStream } from "../logs/log-entry.ts";
import { unitName, type UnitId } from "../plan/unit-id.ts";
import type { Program, ProgramStep } from "./program.ts";

/** What a simulated program finds around itself. */
export interface ProgramHost {
  readonly unit: UnitId;
  /** Starts of the same container before this one. */
  readonly earlierStarts: number;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined where there is no such file. */
  readFile(path: string): Uint8Array | undefined;
  /** Makes an empty file. */
  touch(path: string): void;
  write(stream: LogStream, bytes: Uint8Array): void;
  /** Answers at this port from now on. */
  listen(port: number, text: string): void;
  /** What the service of that name says; undefined where nobody answers. */
  ask(job: string, port: number): string | undefined;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly exitCode: number;
  readonly outOfMemory?: boolean;
}

const POLL_MS = 5;
const ASKED_TO_END = 143;
const KILLED = 137;

/**
 * Runs a program to its end.
 * @param stop - asks the program to end, as SIGTERM does.
 */
export async function interpret(
  program: Program,
  host: ProgramHost,
  stop: AbortSignal,
): Promise<ProgramEnd> {
  const end = await runSteps(program.steps, host, stop);
  if (end !== "stopped") return end ?? { exitCode: 0 };
  if (program.onStop?.afterMs !== undefined) await sleep(program.onStop.afterMs);
  if (program.onStop?.print !== undefined) printLine(host, "stdout", program.onStop.print);
  return { exitCode: program.onStop?.exitCode ?? ASKED_TO_END };
}

type StepEnd = ProgramEnd | "stopped" | undefined;

async function runSteps(
  steps: readonly ProgramStep[],
  host: ProgramHost,
  stop: AbortSignal,
): Promise<StepEnd> {
  for (const step of steps) {
    if (stop.aborted) return "stopped";
    const end = await runStep(step, host, stop);
    if (end) return end;
  }
  return undefined;
}

async function runStep(step: ProgramStep, host: ProgramHost, stop: AbortSignal): Promise<StepEnd> {
  switch (step.do) {
    case "print":
      printLine(host, step.stream, step.text);
      return undefined;
    case "write":
      host.write(step.stream ?? "stdout", Buffer.from(step.base64, "base64"));
      return undefined;
    case "count":
      return count(step, host, stop);
    case "sleep":
      return pause(step.ms, stop);
    case "exit":
      return { exitCode: step.code };
    case "untilStopped":
      return untilStopped(stop);
    case "exhaustMemory":
      return { exitCode: KILLED, outOfMemory: true };
    case "failFirst":
      return host.earlierStarts < step.starts ? { exitCode: step.code } : undefined;
    case "onWorker": {
      const mine = host.unit.role === "worker" && host.unit.index === step.index;
      return mine ? runSteps(step.steps, host, stop) : undefined;
    }
    case "waitFor":
      return waitFor(step.path, host, stop);
    case "serve":
      host.listen(step.port, `${step.text} ${unitName(host.unit)}`);
      return untilStopped(stop);
    case "ask":
      return ask(step, host);
    case "touch":
      host.touch(step.path);
      return undefined;
    case "printEnv":
      for (const name of step.names) printLine(host, "stdout", `${name}=${host.env[name] ?? ""}`);
      return undefined;
    default:
      return printFile(step.path, host);
  }
}

function ask({ job, port }: Extract<ProgramStep, { do: "ask" }>, host: ProgramHost): StepEnd {
  const answer = host.ask(job, port);
  if (answer === undefined) return { exitCode: 1 };
  printLine(host, "stdout", answer);
  return undefined;
}

function printFile(path: string, host: ProgramHost): StepEnd {
  const content = host.readFile(path);
  if (content) {
    host.write("stdout", content);
    return undefined;
  }
  printLine(host, "stderr", `cat: can't open '${path}': No such file or directory`);
  return { exitCode: 1 };
}

function printLine(host: ProgramHost, stream: LogStream | undefined, text: string): void {
  host.write(stream ?? "stdout", Buffer.from(`${text}\n`));
}

async function count(
  step: Extract<ProgramStep, { do: "count" }>,
  host: ProgramHost,
  stop: AbortSignal,
): Promise<StepEnd> {
  for (let line = 0; line < step.lines; line++) {
    printLine(host, step.stream, `${step.prefix}${line}`);
    const end = step.everyMs === undefined ? undefined : await pause(step.everyMs, stop);
    if (end) return end;
  }
  return undefined;
}

async function pause(ms: number, stop: AbortSignal): Promise<StepEnd> {
  try {
    await sleep(ms, undefined, { signal: stop });
    return undefined;
  } catch {
    return "stopped";
  }
}

async function waitFor(path: string, host: ProgramHost, stop: AbortSignal): Promise<StepEnd> {
  let end: StepEnd;
  while (!end && !host.readFile(path)) end = await pause(POLL_MS, stop);
  return end;
}

async function untilStopped(stop: AbortSignal): Promise<StepEnd> {
  if (!stop.aborted) {
    await new Promise((resolve) => stop.addEventListener("abort", resolve, { once: true }));
  }
  return "stopped";
}
