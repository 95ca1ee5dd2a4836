import type { Command } from "commander";
import { addExamples } from "../command-line/examples.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

const actions = async () => import("../actions/completion.ts");

/** `jrun completion`, and the hidden `jrun complete` that the printed script calls. */
export function addCompletion(program: Command, runner: Runner): void {
  const command = program
    .command("completion")
    .description("Print a script that completes commands, options and names of jobs.")
    .argument("<shell>", "bash, zsh or fish");
  addGlobalOptions(command);
  addExamples(command, [
    ["source <(jrun completion bash)", "in ~/.bashrc; likewise for zsh"],
    ["jrun completion fish | source", "in ~/.config/fish/config.fish"],
  ]);
  command.action(
    runner.run(async (session, self) => (await actions()).printCompletion(session, self)),
  );

  const complete = program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .helpOption(false);
  complete.action(
    runner.run(async (session, self) => (await actions()).complete(session, self, program)),
  );
}
