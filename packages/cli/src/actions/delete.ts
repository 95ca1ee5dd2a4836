import { ManagerError, toManagerError } from "@juliarun/sdk";
import type { Command } from "commander";
import { printError } from "../command-line/print-error.ts";
import type { Session } from "../session.ts";

interface DeleteFlags {
  readonly force?: boolean;
  readonly ignoreMissing?: boolean;
}

/** `jrun delete <job…>`: tries all of them; the exit code is that of the last failure. */
export async function deleteJobs(session: Session, command: Command): Promise<void> {
  const flags = command.opts<DeleteFlags>();
  const context = await session.context();
  const failures: ManagerError[] = [];
  for (const name of new Set(command.args)) {
    try {
      const existed = await context.delete(name, {
        force: flags.force ?? false,
        signal: session.signal,
      });
      if (existed) await session.out.line(session.options.quiet ? name : `deleted: ${name}`);
      else if (!flags.ignoreMissing) throw missing(name, context.namespace);
    } catch (error) {
      session.signal.throwIfAborted();
      failures.push(toManagerError(error));
    }
  }
  const last = failures.pop();
  for (const failure of failures) await printError(session.err, failure, false);
  if (last) throw last;
}

function missing(name: string, namespace: string): ManagerError {
  return new ManagerError(
    "JOB_NOT_FOUND",
    `There is no job ${JSON.stringify(name)} in namespace ${namespace}.`,
  );
}
