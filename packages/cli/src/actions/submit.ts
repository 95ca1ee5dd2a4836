import {
  isFinal,
  type Context,
  type Job,
  type JobType,
  type Progress,
  type SubmitResult,
} from "@juliarun/sdk";
import type { Command } from "commander";
import { readJobRequest } from "../job-input/job-type-command.ts";
import { describeExisting, describeState } from "../render/describe-job.ts";
import { jobJson, renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";
import { followState, noteEnd } from "./follow-job.ts";
import { printLogs } from "./print-logs.ts";

interface SubmitFlags {
  readonly replace?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly follow?: boolean;
  readonly output?: string;
}

/** `jrun submit <type> …` */
export async function submit(session: Session, command: Command, type: JobType): Promise<number> {
  const flags = command.opts<SubmitFlags>();
  const request = readJobRequest(command, type);
  const context = await session.context();
  if (flags.dryRun) {
    const { spec, hash } = context.plan(request);
    await session.out.line(
      flags.output === "json"
        ? renderJson({ spec, hash })
        : `${spec.name} is valid; nothing was submitted`,
    );
    return 0;
  }
  const result = await context.submit(request, {
    replace: flags.replace ?? false,
    force: flags.force ?? false,
    onProgress: (progress) => showProgress(session, progress),
    signal: session.signal,
  });
  session.progress.clear();
  await printResult(session, result, flags);
  if (!flags.wait && !flags.follow) return 0;
  return finish(session, context, result.job, flags.follow ?? false);
}

/** Shows a step such as the pull of an image. */
export function showProgress(
  session: Session,
  { subject, activity, current, total }: Progress,
): void {
  const percent = current === undefined || !total ? "" : `${Math.floor((100 * current) / total)}%`;
  session.progress.show(`${activity} ${subject}`, percent);
}

async function printResult(
  session: Session,
  { job, created }: SubmitResult,
  flags: SubmitFlags,
): Promise<void> {
  const { out } = session;
  if (!created) await warnOfExisting(session, job);
  if (flags.output === "json")
    return out.line(renderJson(jobJson(job), flags.follow ? "line" : "document"));
  // With --follow, standard output is the program's.
  if (flags.follow) return undefined;
  if (flags.output === "name" || session.options.quiet) return out.line(job.name);
  if (created) return out.line(`submitted: ${describeState(job.name, job.status)}`);
  return undefined;
}

/** Also when quiet: whoever submits expects a new run. */
async function warnOfExisting({ err }: Session, job: Job): Promise<void> {
  const label = isFinal(job.status)
    ? err.style("warning:", "bold", "yellow")
    : err.style("note:", "bold", "cyan");
  await err.line(`${label} ${describeExisting(job, Date.now())}`);
  if (isFinal(job.status))
    await err.line(
      `${err.style("hint:", "bold", "cyan")} \`--replace\` runs it again in its place.`,
    );
}

async function finish(
  session: Session,
  context: Context,
  job: Job,
  follow: boolean,
): Promise<number> {
  const waiting = followState(session, context, job.name);
  const logs = follow ? printLogs(session, context, { job: job.name, follow: true }) : undefined;
  const [status] = await Promise.all([waiting, logs]);
  await noteEnd(session, job.name, status);
  return status.phase === "succeeded" ? 0 : 1;
}
