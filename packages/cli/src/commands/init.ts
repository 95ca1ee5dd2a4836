import { Option, type Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun init` */
export function addInit(program: Command, runner: Runner): void {
  const command = program
    .command("init")
    .description("Write a commented config.json and make the folder of the volume juliarun.")
    .argument("[folder]", "where to write them", ".")
    .option(
      "--image <reference>",
      "image of jobs that name none (default: julia:1, or another one of Julia that the Docker Engine has instead)",
    )
    .option("--executable <path>", "Julia in that image", "julia")
    .addOption(
      new Option("--clustertype <type>", "where jobs run")
        .choices(["Docker", "Kubernetes"])
        .default("Docker"),
    )
    .option("--force", "overwrite a config.json that is there");
  addGlobalOptions(command);
  addExamples(command, [
    ["jrun init", "in the current folder"],
    ["jrun init --image julia:1.10", "with that version of Julia"],
    ["jrun init --clustertype Kubernetes", "for the cluster that kubectl uses"],
  ]);
  command.action(
    runner.run(async (session, self) => (await import("../actions/init.ts")).init(session, self)),
  );
}
