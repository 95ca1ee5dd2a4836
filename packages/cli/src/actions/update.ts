import { isFinal, type Context, type Job, type JobType } from "@juliarun/sdk";
import type { Command } from "commander";
import { readJobRequest } from "../job-input/job-type-command.ts";
import { describeState } from "../render/describe-job.ts";
import { jobJson, renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";

interface UpdateFlags {
  readonly wait?: boolean;
  readonly output?: string;
}

/** `jrun update <type> …` */
export async function update(session: Session, command: Command, type: JobType): Promise<number> {
  const flags = command.opts<UpdateFlags>();
  const request = readJobRequest(command, type);
  const context = await session.context();
  const asked = await context.update(request, { signal: session.signal });
  const job = flags.wait ? await untilUpdated(session, context, asked) : asked;
  const { out } = session;
  if (flags.output === "json") await out.line(renderJson(jobJson(job)));
  else if (flags.output === "name" || session.options.quiet) await out.line(job.name);
  else await out.line(`updated: ${describeState(job.name, job.status)}`);
  const { reason } = job.status;
  return flags.wait && (isFinal(job.status) || reason === "UpdateStopped") ? 1 : 0;
}

/** Its units are all of the new spec, or the update has stopped. */
async function untilUpdated(session: Session, context: Context, asked: Job): Promise<Job> {
  let last = asked;
  for await (const event of context.watch({ name: asked.name }, { signal: session.signal })) {
    const jobs =
      event.type === "snapshot" ? event.jobs : event.type === "changed" ? [event.job] : [];
    for (const job of jobs) {
      last = job;
      const { phase, reason } = job.status;
      const done = phase === "running" && (reason === "Running" || reason === "UpdateStopped");
      if (done || phase === "idle" || isFinal(job.status)) return job;
    }
    if (event.type === "deleted") return context.inspect(asked.name);
  }
  return last;
}
