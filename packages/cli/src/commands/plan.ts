import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun plan`; its subcommands, one a job type, are added by `addJobTypes()`. */
export function addPlan(program: Command, runner: Runner): void {
  const command = program
    .command("plan")
    .description("Show what a submit would run, without submitting anything.")
    .argument("[type]")
    .argument("[parameters...]")
    .usage("<type> <name> [parameters] [options]")
    .allowUnknownOption()
    .commandsGroup("Job types:");
  addGlobalOptions(command);
  addExamples(command, [["jrun plan JuliaBatch hello hello.jl juliarun", "as YAML"]]);
  command.action(
    runner.run(async (session, self) =>
      (await import("../actions/unknown-type.ts")).unknownType(session, self),
    ),
  );
}
