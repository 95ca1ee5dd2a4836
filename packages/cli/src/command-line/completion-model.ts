import type { Command as TabCommand, RootCommand } from "@bomb.sh/tab";
import type { Command } from "commander";

/** What arguments are completed with. */
export interface CompletionNames {
  readonly jobs: readonly string[];
  readonly volumes: readonly string[];
}

/** Tells the completion library of all commands and options, and of the names of jobs and volumes where a command takes them. */
export function completionModel(root: RootCommand, program: Command, names: CompletionNames): void {
  addOptions(root, program);
  addCommands(root, program, "", names);
}

function addCommands(
  root: RootCommand,
  parent: Command,
  path: string,
  names: CompletionNames,
): void {
  for (const command of parent.createHelp().visibleCommands(parent)) {
    for (const word of [command.name(), ...command.aliases()]) {
      const whole = path === "" ? word : `${path} ${word}`;
      const model = root.command(whole, command.description());
      addOptions(model, command);
      addArguments(model, command, names);
      addCommands(root, command, whole, names);
    }
  }
}

function addOptions(model: TabCommand, command: Command): void {
  for (const option of command.createHelp().visibleOptions(command)) {
    if (!option.long) continue;
    const name = option.long.replace(/^--/, "");
    const alias = option.short?.replace(/^-/, "");
    if (!option.required && !option.optional) model.option(name, option.description, alias);
    else {
      const choices = option.argChoices ?? [];
      model.option(
        name,
        option.description,
        (say) => choices.forEach((choice) => say(choice, "")),
        alias,
      );
    }
  }
}

function addArguments(model: TabCommand, command: Command, names: CompletionNames): void {
  for (const argument of command.registeredArguments) {
    const values = valuesOf(argument.name(), names);
    model.argument(
      argument.name(),
      (say) => values.forEach((value) => say(value, "")),
      argument.variadic,
    );
  }
}

function valuesOf(argument: string, { jobs, volumes }: CompletionNames): readonly string[] {
  switch (argument) {
    case "job":
      return jobs;
    case "from":
    case "to":
      return volumes.map((volume) => `${volume}:`);
    case "shell":
      return ["bash", "zsh", "fish"];
    default:
      return [];
  }
}
