import type { Command } from "commander";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

/** `jrun agent` */
export function addAgent(program: Command, runner: Runner): void {
  const command = program
    .command("agent")
    .description(
      "Act for the jobs of this engine, or of this namespace of a cluster, until nothing is left to do. Other commands start one in the background by themselves.",
    )
    .option("--status", "say whether an agent runs, and where it logs")
    .option("--stop", "end the agent that runs; jobs go on, but queued ones wait");
  addGlobalOptions(command);
  command.action(
    runner.run(async (session, self) => (await import("../actions/agent.ts")).agent(session, self)),
  );
}
