import type { LogStream } from "../logs/log-entry.ts";

/** One thing that a simulated program does. */
export type ProgramStep =
  /** A line of text. */
  | { readonly do: "print"; readonly text: string; readonly stream?: LogStream }
  /** Bytes as they are, without a newline. */
  | { readonly do: "write"; readonly base64: string; readonly stream?: LogStream }
  /** Lines `<prefix>0`, `<prefix>1`, …; with a pause after each where given. */
  | {
      readonly do: "count";
      readonly prefix: string;
      readonly lines: number;
      readonly everyMs?: number;
      readonly stream?: LogStream;
    }
  | { readonly do: "sleep"; readonly ms: number }
  | { readonly do: "exit"; readonly code: number }
  /** Waits for the signal to end. */
  | { readonly do: "untilStopped" }
  /** Takes memory until it is killed for it. */
  | { readonly do: "exhaustMemory" }
  /** Ends with this code in the first so many starts, and goes on in later ones. */
  | { readonly do: "failFirst"; readonly starts: number; readonly code: number }
  /** Steps of one worker only. */
  | { readonly do: "onWorker"; readonly index: number; readonly steps: readonly ProgramStep[] }
  /** Lines `NAME=value`. */
  | { readonly do: "printEnv"; readonly names: readonly string[] }
  /** Waits until there is such a file. */
  | { readonly do: "waitFor"; readonly path: string }
  /** Makes an empty file. */
  | { readonly do: "touch"; readonly path: string }
  /** Answers every HTTP request at this port with the text and the unit's name, until it is asked to end. */
  | { readonly do: "serve"; readonly port: number; readonly text: string }
  /** A line: what the HTTP server of a job says. It ends with 1 where there is none. */
  | { readonly do: "ask"; readonly job: string; readonly port: number }
  /** Content of a file. */
  | { readonly do: "printFile"; readonly path: string };

/**
 * A program that the memory backend interprets. The conformance suite gives every backend the same ones: as a shell
 * script where containers are real.
 */
export interface Program {
  readonly steps: readonly ProgramStep[];
  /** What it does when it is asked to end, after a pause where given: it just ends with 143 where absent. */
  readonly onStop?: {
    readonly afterMs?: number;
    readonly print?: string;
    readonly exitCode: number;
  };
}

const MARK = "juliarun-program:";

/** A command's argument that holds a program; no other argument looks like it. */
export function programArgument(program: Program): string {
  return MARK + JSON.stringify(program);
}

/** The program in a command, or undefined for any other command. */
export function programOf(command: readonly string[]): Program | undefined {
  const argument = command.find((part) => part.startsWith(MARK));
  return argument === undefined ? undefined : (JSON.parse(argument.slice(MARK.length)) as Program);
}

/** A command that no image has: its containers are created and cannot be started. */
export const MISSING_COMMAND = "/nonexistent/program";
