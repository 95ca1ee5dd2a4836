import type { ProgramStep } from "../memory/program.ts";
import type { UnitProgram } from "./program-job.ts";

/** Runs until it is asked to end. */
export const UNTIL_STOPPED: UnitProgram = { steps: [{ do: "untilStopped" }] };

/** Ends at once with this exit code. */
export function exits(code: number): UnitProgram {
  return { steps: [{ do: "exit", code }] };
}

/** Prints these lines and ends well. */
export function prints(...lines: readonly string[]): UnitProgram {
  return { steps: lines.map((text) => print(text)) };
}

/** Prints these lines, then runs until it is asked to end. */
export function printsAndWaits(...lines: readonly string[]): UnitProgram {
  return { steps: [...lines.map((text) => print(text)), { do: "untilStopped" }] };
}

/** Runs for this time and ends well. */
export function lasts(ms: number, ...lines: readonly string[]): UnitProgram {
  return { steps: [...lines.map((text) => print(text)), { do: "sleep", ms }] };
}

/** One line on standard output. */
export function print(text: string): ProgramStep {
  return { do: "print", text };
}
