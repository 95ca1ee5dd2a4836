import type { JobType, PlannedJob } from "@juliarun/sdk";
import type { Command } from "commander";
import { stringify } from "yaml";
import { readJobRequest } from "../job-input/job-type-command.ts";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";

/** `jrun plan <type> …` */
export async function plan(session: Session, command: Command, type: JobType): Promise<void> {
  const request = readJobRequest(command, type);
  const context = await session.context();
  const planned: PlannedJob = context.plan(request);
  const json = command.opts<{ output?: string }>().output === "json";
  await session.out.write(
    json ? `${renderJson(planned)}\n` : stringify(planned, { aliasDuplicateObjects: false }),
  );
}
