import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun endpoint` */
export function addEndpoint(program: Command, runner: Runner): void {
  const command = program
    .command("endpoint")
    .description("Show where a job's ports can be reached.")
    .argument("<job>", "name of the job")
    .option("--proxy [port]", "the URL through the cluster of an HTTP port instead")
    .addOption(outputOption("table", "json"));
  addGlobalOptions(command);
  addExamples(command, [["jrun endpoint web", "host and port of each of its ports"]]);
  command.action(
    runner.run(async (session, self) =>
      (await import("../actions/endpoint.ts")).endpoint(session, self),
    ),
  );
}
