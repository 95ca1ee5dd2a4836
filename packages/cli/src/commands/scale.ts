import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun scale` */
export function addScale(program: Command, runner: Runner): void {
  const command = program
    .command("scale")
    .description("Show or change a job's number of workers.")
    .argument("<job>", "name of the job")
    .argument("[workers]", "a number, or steps start:step:stop that each wait for the one before")
    .option("--wait", "wait until that many workers run")
    .option("--timeout <duration>", "longest time to wait, such as 90s or 2h")
    .addOption(outputOption("table", "json"));
  addGlobalOptions(command);
  addExamples(command, [
    ["jrun scale pi", "workers running and requested"],
    ["jrun scale pi 4", "ask for four"],
    ["jrun scale pi 1:2:9", "1, 3, 5, 7, 9, one step after the other"],
  ]);
  command.action(
    runner.run(async (session, self) => (await import("../actions/scale.ts")).scale(session, self)),
  );
}
