import { ManagerError, nearestName } from "@juliarun/core";
import type { Command, CommanderError } from "commander";

/** What is wrong with a command line, with what was probably meant and where to read more. */
export function usageError(
  error: CommanderError,
  program: Command,
  args: readonly string[],
): ManagerError {
  const { command, path } = innermost(program, args);
  const message = error.message
    .replace(/^error: /, "")
    // Commander's guess, where it has one; ours knows all spellings.
    .replace(/\s*\(Did you mean .*\?\)\s*$/s, "")
    .replace(/\.$/, "");
  const guess = guessFor(error, message, command);
  return new ManagerError(
    "SPEC_INVALID",
    `${message}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    { hint: `See \`${path} --help\`.`, cause: error },
  );
}

function guessFor(error: CommanderError, message: string, command: Command): string | undefined {
  const wrong = /'(?<wrong>[^']*)'/.exec(message)?.groups?.["wrong"] ?? "";
  const help = command.createHelp();
  if (error.code === "commander.unknownOption") {
    const flags = help.visibleOptions(command).flatMap(({ long }) => long ?? []);
    return nearestName(wrong, flags);
  }
  if (error.code !== "commander.unknownCommand") return undefined;
  const commands = help.visibleCommands(command);
  return nearestName(
    wrong,
    commands.flatMap((each) => [each.name()].concat(each.aliases())),
  );
}

/** The innermost command that the arguments name, and how it is called. */
function innermost(program: Command, args: readonly string[]): { command: Command; path: string } {
  let command = program;
  let path = program.name();
  for (const arg of args) {
    const next = command.commands.find(
      (each) => each.name() === arg || each.aliases().includes(arg),
    );
    if (!next) continue;
    command = next;
    path += ` ${next.name()}`;
  }
  return { command, path };
}
