import type { Command } from "commander";
import { collect } from "../command-line/collect.ts";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun run` */
export function addRun(program: Command, runner: Runner): void {
  const command = program
    .command("run")
    .description(
      "Run a Julia script as a job under a fresh name, show its output, and end with its exit code. Ctrl-C stops and deletes the job.",
    )
    .argument("<script>", "Julia script on this machine; it travels with the job")
    .argument("[args...]", "arguments of the script")
    .passThroughOptions()
    .option("--name <name>", "name of the job (default: the script's, with some random letters)")
    .option("--rm", "delete the job when it has ended")
    .option(
      "-d, --detach",
      "do not wait: print the job's name; Ctrl-C then means nothing to the job",
    )
    .option(
      "--run-volume <volume>",
      "volume of the working folder (default: juliarun, else the first host folder)",
    )
    .option("--image <image>", "image: a name in the configuration, or a reference with a / : or @")
    .option(
      "--project <folder>",
      "Julia project on this machine whose packages the script uses: Project.toml and Manifest.toml travel with the job",
    )
    .option("--cpu <cores>", "CPU share")
    .option("--memory <amount>", "memory, a hard limit")
    .option(
      "--nworkers <count>",
      "workers that the script may use by Distributed: makes it a JuliaParBatch",
    )
    .option("-e, --env <name=value>", "environment variable; may be repeated", collect)
    .option("--restart <policy>", "on-failure, always or never", "never");
  addGlobalOptions(command);
  addExamples(command, [
    ["jrun run hello.jl", "run it"],
    ["jrun run --rm --memory 2Gi fit.jl data.csv", "with an argument; nothing stays behind"],
    ["jrun run --nworkers 4 pi.jl", "with four workers"],
    ["jrun run --project . fit.jl", "with the packages of the project in this folder"],
  ]);
  command.action(
    runner.run(async (session, self) => (await import("../actions/run.ts")).run(session, self)),
  );
}
