import { configJsonSchema, findConfig, printConfig, type FoundConfig } from "@juliarun/sdk";
import type { Command } from "commander";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";

/** `jrun config validate [file]`: all problems at once are in the error. */
export async function validateConfig(session: Session, command: Command): Promise<void> {
  const { file } = await find(session, command.args[0]);
  await session.out.line(
    file === undefined ? "there is no configuration file: the default is used" : `${file} is valid`,
  );
}

/** `jrun config show` */
export async function showConfig(session: Session): Promise<void> {
  const { config, file } = await find(session);
  await session.note(`// ${file ?? "default configuration"}`);
  await session.out.line(printConfig(config));
}

/** `jrun config schema` */
export async function showConfigSchema(session: Session): Promise<void> {
  await session.out.line(renderJson(configJsonSchema()));
}

async function find(
  { io, options }: Session,
  file: string | undefined = options.config,
): Promise<FoundConfig> {
  return findConfig({ env: io.env, cwd: io.cwd, config: file });
}
