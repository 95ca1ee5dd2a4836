import { AgentControl } from "@juliarun/sdk/agent";
import type { Command } from "commander";
import type { Session } from "../session.ts";

interface AgentFlags {
  readonly status?: boolean;
  readonly stop?: boolean;
}

/** `jrun agent` */
export async function agent(session: Session, command: Command): Promise<void> {
  const flags = command.opts<AgentFlags>();
  const { io, options, out, signal } = session;
  const { config, namespace } = options;
  const control = await AgentControl.find({ env: io.env, cwd: io.cwd, config, namespace });
  if (flags.status) return printState(session, control);
  if (flags.stop) return out.line((await control.stop()) ? "the agent has ended" : "no agent runs");
  const end = await control.run({ signal, onEvent: (text) => void session.note(text) });
  if (end === "taken") await out.line("another agent runs already");
  return undefined;
}

async function printState({ out }: Session, control: AgentControl): Promise<void> {
  const { running, pid, logFile } = await control.state();
  const process = pid === undefined ? "" : ` (process ${pid})`;
  await out.line(
    running ? `an agent runs${process}; log: ${logFile}` : `no agent runs; log: ${logFile}`,
  );
}
