import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun delete` */
export function addDelete(program: Command, runner: Runner): void {
  const command = program
    .command("delete")
    .alias("rm")
    .description("Delete jobs with their containers and logs. Files on volumes stay.")
    .argument("<job...>", "names of jobs")
    .option("-f, --force", "also jobs that are not finished: stops them")
    .option("--ignore-missing", "no error where there is no such job");
  addGlobalOptions(command);
  addExamples(command, [["jrun delete hello --force", "also while it runs"]]);
  command.action(
    runner.run(async (session, self) =>
      (await import("../actions/delete.ts")).deleteJobs(session, self),
    ),
  );
}
