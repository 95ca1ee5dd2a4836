import { Command } from "commander";
import { addAgent } from "../commands/agent.ts";
import { addCompletion } from "../commands/completion.ts";
import { addConfig } from "../commands/config.ts";
import { addCp } from "../commands/cp.ts";
import { addDelete } from "../commands/delete.ts";
import { addDoctor } from "../commands/doctor.ts";
import { addEndpoint } from "../commands/endpoint.ts";
import { addInit } from "../commands/init.ts";
import { addList } from "../commands/list.ts";
import { addLogs } from "../commands/logs.ts";
import { addPlan } from "../commands/plan.ts";
import { addRun } from "../commands/run.ts";
import { addScale } from "../commands/scale.ts";
import { addStatus } from "../commands/status.ts";
import { addStorage } from "../commands/storage.ts";
import { addSubmit } from "../commands/submit.ts";
import { addUpdate } from "../commands/update.ts";
import { addVersion } from "../commands/version.ts";
import { addWait } from "../commands/wait.ts";
import { addExamples } from "./examples.ts";
import { addGlobalOptions } from "./global-options.ts";
import type { Runner } from "./runner.ts";

const GROUPS = [
  [
    "Jobs:",
    [
      addRun,
      addSubmit,
      addPlan,
      addList,
      addStatus,
      addLogs,
      addWait,
      addScale,
      addUpdate,
      addEndpoint,
      addCp,
      addDelete,
    ],
  ],
  [
    "Installation:",
    [addInit, addConfig, addDoctor, addStorage, addAgent, addCompletion, addVersion],
  ],
] as const;

/** The whole command line but for the job types, which `addJobTypes()` adds where they are needed. */
export function buildProgram(runner: Runner): Command {
  const { io } = runner;
  const program = new Command("jrun")
    .description("Runs Julia programs as jobs, on a Docker Engine or a cluster.")
    .usage("<command> [options]")
    .enablePositionalOptions()
    .configureHelp({ subcommandTerm: commandTerm })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      // Errors are printed in one place, with those of other origin.
      outputError: () => undefined,
    });
  for (const [heading, adders] of GROUPS) {
    program.commandsGroup(heading);
    for (const add of adders) add(program, runner);
  }
  program.addHelpCommand(
    new Command("help").argument("[command]").description("Show help of a command."),
  );
  addGlobalOptions(program);
  addExamples(program, [
    ["jrun init", "make a configuration"],
    ["jrun run hello.jl", "run a script, see its output"],
    ["jrun submit --help", "job types and their parameters"],
  ]);
  return program;
}

/** `delete|rm <job...>`: that every command has options goes without saying. */
function commandTerm(command: Command): string {
  const names = [command.name(), ...command.aliases()].join("|");
  const args = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [names, ...args].join(" ");
}
