import type { Command } from "commander";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun doctor` */
export function addDoctor(program: Command, runner: Runner): void {
  const command = program
    .command("doctor")
    .description(
      "Examine Node, configuration, engine or cluster, rights, images, volumes and agent, and say what to do. Exit code 1 when something fails.",
    )
    .addOption(outputOption("table", "json"));
  addGlobalOptions(command);
  command.action(
    runner.run(async (session, self) =>
      (await import("../actions/doctor.ts")).doctor(session, self),
    ),
  );
}
