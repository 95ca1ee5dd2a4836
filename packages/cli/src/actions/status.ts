import { ERROR_TABLE, isFinal } from "@juliarun/sdk";
import type { Command } from "commander";
import type { OutputOption } from "../command-line/output-option.ts";
import { clusterJson, renderClusterStatus } from "../render/cluster-status.ts";
import { renderJobStatus } from "../render/job-status.ts";
import { jobJson, renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";

interface StatusFlags extends OutputOption {
  readonly watch?: boolean;
}

/** `jrun status [job]` */
export async function status(session: Session, command: Command): Promise<number> {
  const flags = command.opts<StatusFlags>();
  const [name] = command.args;
  if (name === undefined) return clusterStatus(session, flags);
  if (flags.watch) return watchJob(session, flags, name);
  const job = await (await session.context()).inspect(name, { signal: session.signal });
  const { out } = session;
  await out.line(
    flags.output === "json" ? renderJson(jobJson(job)) : renderJobStatus(out, job, Date.now()),
  );
  return 0;
}

async function clusterStatus(session: Session, flags: StatusFlags): Promise<number> {
  const { out } = session;
  const found = await (await session.context()).status({ verbose: true, signal: session.signal });
  await out.line(
    flags.output === "json" ? renderJson(clusterJson(found)) : renderClusterStatus(out, found),
  );
  return found.up ? 0 : ERROR_TABLE.BACKEND_UNREACHABLE.exitCode;
}

async function watchJob(session: Session, flags: StatusFlags, name: string): Promise<number> {
  const { out, signal } = session;
  const context = await session.context();
  // An unknown job is an error, not a long wait.
  await context.inspect(name, { signal });
  for await (const event of context.watch({ name }, { signal })) {
    if (event.type === "disconnected") {
      await session.note(`The engine does not answer: ${event.message} Waiting for it.`);
      continue;
    }
    const job =
      event.type === "changed" ? event.job : event.type === "snapshot" ? event.jobs[0] : undefined;
    if (!job) {
      await session.note(`${name} was deleted`);
      return 0;
    }
    await out.line(
      flags.output === "json"
        ? renderJson(jobJson(job), "line")
        : `${renderJobStatus(out, job, Date.now())}\n`,
    );
    if (isFinal(job.status)) return 0;
  }
  return 0;
}
