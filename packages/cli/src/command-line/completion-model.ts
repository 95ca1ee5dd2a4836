import type { Command as TabCommand, RootCommand } from "@bomb.sh/tab";
import type { Command } from "commander";

/** Tells the completion library of all commands and options, and of the names of jobs where a command takes them. */
export function completionModel(
  root: RootCommand,
  program: Command,
  jobNames: readonly string[],
): void {
  addOptions(root, program);
  addCommands(root, program, "", jobNames);
}

function addCommands(
  root: RootCommand,
  parent: Command,
  path: string,
  jobNames: readonly string[],
): void {
  for (const command of parent.createHelp().visibleCommands(parent)) {
    for (const name of [command.name(), ...command.aliases()]) {
      const whole = path === "" ? name : `${path} ${name}`;
      const model = root.command(whole, command.description());
      addOptions(model, command);
      addArguments(model, command, jobNames);
      addCommands(root, command, whole, jobNames);
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

function addArguments(model: TabCommand, command: Command, jobNames: readonly string[]): void {
  for (const argument of command.registeredArguments) {
    const values =
      argument.name() === "job"
        ? jobNames
        : argument.name() === "shell"
          ? ["bash", "zsh", "fish"]
          : [];
    model.argument(
      argument.name(),
      (say) => values.forEach((value) => say(value, "")),
      argument.variadic,
    );
  }
}
