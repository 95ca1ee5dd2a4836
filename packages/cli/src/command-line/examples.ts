import type { Command } from "commander";

/** A command line, and what it does. */
export type Example = readonly [commandLine: string, does: string];

const examplesOf = new WeakMap<Command, readonly Example[]>();

/** Shows examples at the end of a command's help. */
export function addExamples(command: Command, examples: readonly Example[]): Command {
  examplesOf.set(command, examples);
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, does]) => `  $ ${line.padEnd(width)}  # ${does}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** The examples that a command's help shows. */
export function getExamples(command: Command): readonly Example[] {
  return examplesOf.get(command) ?? [];
}
