import type { Command } from "commander";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun version` */
export function addVersion(program: Command, runner: Runner): void {
  const command = program
    .command("version")
    .description("Print the version of jrun, of Node, and of the engine where it answers.")
    .addOption(outputOption("table", "json"));
  addGlobalOptions(command);
  command.action(
    runner.run(async (session, self) =>
      (await import("../actions/version.ts")).version(session, self),
    ),
  );
}
