import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun cp` */
export function addCp(program: Command, runner: Runner): void {
  const command = program
    .command("cp")
    .description(
      "Copy a file or a folder to a volume, or from one. As with `cp -r`: into a folder that exists it goes under its own name, else it becomes what the destination names; `folder/.` is what is in a folder. Missing folders are made, files of the same name replaced. A file gets its name when it is complete. Symbolic links that lead out of the folder, devices, sockets and pipes are left out.",
    )
    .argument("<from>", "path of this machine, volume:path, or - for standard input")
    .argument("<to>", "volume:path, path of this machine, or - for standard output")
    .addOption(outputOption("json"));
  addGlobalOptions(command);
  addExamples(command, [
    ["jrun cp ./data juliarun:/jobs/data", "a folder to the volume juliarun"],
    ["jrun cp juliarun:/helloworld/log ./log", "the logs of a job"],
    ["jrun cp ./data/. juliarun:/jobs/data", "what is in the folder, into one that may be there"],
    ["jrun cp juliarun:/pi/result.csv - | head", "a file to standard output"],
  ]);
  command.action(
    runner.run(async (session, self) => (await import("../actions/cp.ts")).cp(session, self)),
  );
}
