import type { Command } from "commander";
import { collect } from "../command-line/collect.ts";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun ls` */
export function addList(program: Command, runner: Runner): void {
  const command = program
    .command("ls")
    .alias("list")
    .description("List jobs, oldest first.")
    .option("--type <type>", "only jobs of this type")
    .option("--phase <phase>", "only jobs in this phase; may be repeated", collect)
    .option("-l, --label <name=value>", "only jobs with this label; may be repeated", collect)
    .option("-w, --watch", "go on with every change, until Ctrl-C")
    .addOption(outputOption("table", "wide", "json", "name"));
  addGlobalOptions(command);
  addExamples(command, [
    ["jrun ls --phase failed -o wide", "failed jobs, with messages"],
    ["jrun delete $(jrun ls --phase succeeded -o name)", "clean up"],
  ]);
  command.action(
    runner.run(async (session, self) => (await import("../actions/list.ts")).list(session, self)),
  );
}
