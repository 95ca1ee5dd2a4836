import { JobTypeRegistry, loadJobTypes } from "@juliarun/sdk";
import type { Command } from "commander";
import type { Session } from "../session.ts";

/** `jrun submit` or `jrun plan` with a job type that does not exist, or none. @throws ManagerError SPEC_INVALID, CONFIG_INVALID. */
export async function unknownType(session: Session, command: Command): Promise<void> {
  const { io, options } = session;
  const [type] = command.args;
  if (type === undefined) return command.help({ error: true });
  const types = await loadJobTypes({ env: io.env, cwd: io.cwd, config: options.config });
  new JobTypeRegistry(types).get(type);
}
