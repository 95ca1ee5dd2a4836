import { Option, type Command } from "commander";
import { collect } from "../command-line/collect.ts";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun logs` */
export function addLogs(program: Command, runner: Runner): void {
  const command = program
    .command("logs")
    .alias("tail")
    .description(
      "Print output of a job; without a job, of all jobs of the namespace, merged by time.",
    )
    .argument("[job]", "name of the job")
    .option("-f, --follow", "go on with new output until the job is finished, or Ctrl-C")
    .addOption(new Option("--stream <stream>", "only this stream").choices(["stdout", "stderr"]))
    .option("--tail <count>", "only so many last lines")
    .option("--unit <unit>", "only this unit: master, worker-0, …")
    .option(
      "--since <time>",
      "only lines since then: a duration such as 10m, or a time such as 2026-01-31T12:00:00Z",
    )
    .option(
      "--cursor <cursor>",
      "only lines after this place, from `-o json`; may be repeated",
      collect,
    )
    .option("--timestamps", "time before each line")
    .option("--prefix", "job and unit before each line, also where there is only one")
    .addOption(outputOption("text", "json"));
  addGlobalOptions(command);
  addExamples(command, [
    ["jrun logs hello -f", "follow"],
    ["jrun logs pi --unit worker-1 --stream stderr --tail 20", "end of one worker's errors"],
    ["jrun logs --since 10m", "everything of the last ten minutes"],
  ]);
  command.action(
    runner.run(async (session, self) => (await import("../actions/logs.ts")).logs(session, self)),
  );
}
