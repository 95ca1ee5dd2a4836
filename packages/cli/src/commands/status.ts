import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun status` */
export function addStatus(program: Command, runner: Runner): void {
  const command = program
    .command("status")
    .description("Show a job with its units; without a job, the cluster with its nodes.")
    .argument("[job]", "name of the job")
    .option("-w, --watch", "go on with every change, until the job is finished or Ctrl-C")
    .addOption(outputOption("table", "json"));
  addGlobalOptions(command);
  addExamples(command, [
    ["jrun status", "is the cluster up, what is free"],
    ["jrun status hello -o json", "for programs"],
  ]);
  command.action(
    runner.run(async (session, self) =>
      (await import("../actions/status.ts")).status(session, self),
    ),
  );
}
