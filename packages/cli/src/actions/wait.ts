import { parseDuration, type JobStatus } from "@juliarun/sdk";
import type { Command } from "commander";
import { parseOption } from "../command-line/parse-option.ts";
import { describeEnd } from "../render/describe-job.ts";
import type { Session } from "../session.ts";

/** `jrun wait <job…>` */
export async function wait(session: Session, command: Command): Promise<number> {
  const names = [...new Set(command.args)];
  const signal = withTimeout(session, command.opts<{ timeout?: string }>().timeout);
  const context = await session.context();
  const waitFor = async (name: string): Promise<JobStatus> => {
    const status = await context.wait(name, { signal });
    if (!session.options.quiet) await session.out.line(describeEnd(name, status));
    return status;
  };
  const ends = await Promise.all(names.map((name) => waitFor(name)));
  return ends.every(({ phase }) => phase === "succeeded") ? 0 : 1;
}

/** The session's signal, aborted as well when the time of a `--timeout` is up. */
export function withTimeout(session: Session, timeout: string | undefined): AbortSignal {
  if (timeout === undefined) return session.signal;
  const seconds = parseOption("--timeout", timeout, parseDuration);
  return AbortSignal.any([session.signal, AbortSignal.timeout(seconds * 1000)]);
}
