import {
  describeParameters,
  ManagerError,
  type JobRequest,
  type JobType,
  type ParameterInfo,
} from "@juliarun/core";
import type { Command } from "commander";
import { givenParameters, parameterOption } from "./parameter-flags.ts";

/** Adds `<type> <name> [parameters]` to `jrun submit` or `jrun plan`; options come from the type's schema. */
export function addJobTypeCommand(parent: Command, type: JobType): Command {
  const infos = describeParameters(type);
  const command = parent
    .command(type.name)
    .description(type.summary)
    .argument("<name>", "name of the job, unique in the namespace");
  for (const positional of type.positional) {
    const info = infos.find(({ name }) => name === positional);
    if (info) command.argument(`[${info.flag}]`, `${info.description}; also as --${info.flag}`);
  }
  command.optionsGroup("Parameters:");
  for (const info of infos) command.addOption(parameterOption(info));
  return command.optionsGroup("Options:");
}

/**
 * The job that a command line describes.
 * @throws ManagerError SPEC_INVALID when a parameter is given twice or a required one is missing.
 */
export function readJobRequest(command: Command, type: JobType): JobRequest {
  const infos = describeParameters(type);
  const [name = "", ...values] = command.args;
  const given: Record<string, unknown> = {};
  for (const info of infos) {
    if (command.getOptionValueSource(info.name) === "cli")
      given[info.name] = command.getOptionValue(info.name);
  }
  for (const [index, positional] of type.positional.entries()) {
    const value = values[index];
    if (value === undefined) continue;
    const info = infos.find((each) => each.name === positional);
    if (given[positional] !== undefined) throw twice(type, info?.flag ?? positional);
    given[positional] = value;
  }
  const missing = infos.filter((info) => info.required && given[info.name] === undefined);
  if (missing.length > 0) throw incomplete(type, missing);
  return { type: type.name, name, parameters: givenParameters(infos, given) };
}

function twice(type: JobType, flag: string): ManagerError {
  return new ManagerError("SPEC_INVALID", `--${flag} is given twice: by position and by name.`, {
    hint: seeHelp(type),
  });
}

function incomplete(type: JobType, missing: readonly ParameterInfo[]): ManagerError {
  const flags = missing.map(({ flag, placeholder = "value" }) => `--${flag} <${placeholder}>`);
  return new ManagerError("SPEC_INVALID", `${type.name} needs ${flags.join(" and ")}.`, {
    hint: seeHelp(type),
  });
}

const seeHelp = (type: JobType): string => `See \`jrun submit ${type.name} --help\`.`;
