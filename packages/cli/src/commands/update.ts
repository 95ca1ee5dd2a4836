import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun update`; its subcommands, one a job type, are added by `addJobTypes()`. */
export function addUpdate(program: Command, runner: Runner): void {
  const command = program
    .command("update")
    .description(
      "Give a running service other parameters: its units are replaced one after another. `jrun update <type> --help` lists the parameters.",
    )
    .argument("[type]")
    .argument("[parameters...]")
    .usage("<type> <name> [parameters] [options]")
    .allowUnknownOption()
    .commandsGroup("Job types:");
  addGlobalOptions(command);
  addExamples(command, [
    [
      "jrun update Webserver web web/new.conf juliarun --wait",
      "another configuration file; wait until all units have it",
    ],
  ]);
  command.action(
    runner.run(async (session, self) =>
      (await import("../actions/unknown-type.ts")).unknownType(session, self),
    ),
  );
}
