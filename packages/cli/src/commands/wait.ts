import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun wait` */
export function addWait(program: Command, runner: Runner): void {
  const command = program
    .command("wait")
    .description(
      "Wait until jobs are finished. Exit code 0 when all succeeded, 1 when one did not, 124 when the time is up.",
    )
    .argument("<job...>", "names of jobs")
    .option("--timeout <duration>", "longest time to wait, such as 90s or 2h");
  addGlobalOptions(command);
  addExamples(command, [["jrun wait hello && jrun logs hello", "output, once it has succeeded"]]);
  command.action(
    runner.run(async (session, self) => (await import("../actions/wait.ts")).wait(session, self)),
  );
}
