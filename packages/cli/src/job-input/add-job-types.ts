import { BUILT_IN_JOB_TYPES, isManagerError, type JobType } from "@juliarun/core";
import { loadJobTypes } from "@juliarun/sdk";
import { Option, type Command } from "commander";
import type { CliIo } from "../cli-io.ts";
import type { Runner } from "../command-line/runner.ts";
import { addGlobalOptions } from "../command-line/global-options.ts";
import { outputOption } from "../command-line/output-option.ts";
import { addJobTypeCommand } from "./job-type-command.ts";

/** Adds the job types, a user's own included, to `jrun submit`, `jrun update` and `jrun plan`. */
export async function addJobTypes(
  program: Command,
  runner: Runner,
  config: string | undefined,
): Promise<void> {
  const types = await knownTypes(runner.io, config);
  for (const parent of program.commands) {
    if (parent.name() === "submit") for (const type of types) addSubmitType(parent, type, runner);
    if (parent.name() === "update") for (const type of types) addUpdateType(parent, type, runner);
    if (parent.name() === "plan") for (const type of types) addPlanType(parent, type, runner);
  }
}

/** With a configuration that is wrong, help still shows the built-in types; running the command reports what is wrong. */
async function knownTypes(
  { env, cwd }: CliIo,
  config: string | undefined,
): Promise<readonly JobType[]> {
  try {
    return await loadJobTypes({ env, cwd, config });
  } catch (error) {
    if (!isManagerError(error, "CONFIG_INVALID")) throw error;
    return BUILT_IN_JOB_TYPES;
  }
}

function addSubmitType(parent: Command, type: JobType, runner: Runner): void {
  const command = addJobTypeCommand(parent, type)
    .option("--replace", "put this job in the place of a finished one of the same name")
    .option("--force", "with --replace: also of one that is not finished")
    .option("--dry-run", "check everything that can be checked without the engine, submit nothing")
    .option("--wait", "wait until the job is finished; exit code 1 when it did not succeed")
    .option("--follow", "show its output until it is finished; exit code as with --wait")
    .addOption(outputOption("table", "json", "name"));
  addGlobalOptions(command).action(
    runner.run(async (session, self) =>
      (await import("../actions/submit.ts")).submit(session, self, type),
    ),
  );
}

function addUpdateType(parent: Command, type: JobType, runner: Runner): void {
  const command = addJobTypeCommand(parent, type)
    .option("--wait", "wait until all units are replaced; exit code 1 when the update has stopped")
    .addOption(outputOption("table", "json", "name"));
  addGlobalOptions(command).action(
    runner.run(async (session, self) =>
      (await import("../actions/update.ts")).update(session, self, type),
    ),
  );
}

function addPlanType(parent: Command, type: JobType, runner: Runner): void {
  const command = addJobTypeCommand(parent, type).addOption(
    new Option("-o, --output <format>", "how to print the plan").choices(["yaml", "json"]),
  );
  addGlobalOptions(command).action(
    runner.run(async (session, self) =>
      (await import("../actions/plan.ts")).plan(session, self, type),
    ),
  );
}
