import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun submit`; its subcommands, one a job type, are added by `addJobTypes()`. */
export function addSubmit(program: Command, runner: Runner): void {
  const command = program
    .command("submit")
    .description("Submit a job. `jrun submit <type> --help` lists the parameters of a job type.")
    .argument("[type]")
    .argument("[parameters...]")
    .usage("<type> <name> [parameters] [options]")
    .allowUnknownOption()
    .commandsGroup("Job types:");
  addGlobalOptions(command);
  addExamples(command, [
    [
      "jrun submit JuliaBatch hello /mnt/juliarun/hello.jl juliarun",
      "parameters in the manual's order",
    ],
    ["jrun submit JuliaBatch hello --start-script hello.jl --run-volume juliarun", "or by name"],
    [
      "jrun submit JuliaParBatch pi pi.jl juliarun --nworkers 4 --wait",
      "four workers; wait for the end",
    ],
  ]);
  command.action(
    runner.run(async (session, self) =>
      (await import("../actions/unknown-type.ts")).unknownType(session, self),
    ),
  );
}
