import {
  DEFAULT_VOLUME,
  isManagerError,
  ManagerError,
  type Context,
  type JobStatus,
} from "@juliarun/sdk";
import type { Command } from "commander";
import { Interruption } from "../interruption.ts";
import { readProject } from "../job-input/project-files.ts";
import { readScript, scriptJob, type ScriptJobOptions } from "../job-input/script-job.ts";
import type { Session } from "../session.ts";
import { followState, noteEnd } from "./follow-job.ts";
import { printLogs } from "./print-logs.ts";
import { showProgress } from "./submit.ts";

interface RunFlags extends ScriptJobOptions {
  readonly rm?: boolean;
  readonly detach?: boolean;
  readonly runVolume?: string;
  readonly project?: string;
}

/** `jrun run <script> [args…]`: the exit code is the script's. */
export async function run(session: Session, command: Command): Promise<number> {
  const { rm = false, detach = false, runVolume, project, ...options } = command.opts<RunFlags>();
  const [path = "", ...args] = command.args;
  const { cwd } = session.io;
  const files = {
    script: await readScript(path, cwd),
    project: project === undefined ? [] : await readProject(project, cwd),
  };
  const context = await session.context();
  const request = scriptJob(files, args, runVolume ?? defaultVolume(context), options);
  const { job, created } = await context.submit(request, {
    onProgress: (progress) => showProgress(session, progress),
    signal: session.signal,
  });
  if (!created) throw nameTaken(job.name);
  if (detach) {
    session.progress.clear();
    await session.out.line(job.name);
    return 0;
  }
  const status = await attend(session, context, job.name);
  // A program's own failure is its own to explain.
  if (status.phase !== "succeeded" && status.reason !== "ExitCode")
    await noteEnd(session, job.name, status);
  if (rm) await context.delete(job.name, { force: true });
  return exitCodeOf(status);
}

/** Shows output and state until the end. An interrupted run takes its job with it, as `docker run` does. */
async function attend(session: Session, context: Context, name: string): Promise<JobStatus> {
  try {
    const logs = printLogs(session, context, { job: name, follow: true }, { prefix: {} });
    const [status] = await Promise.all([followState(session, context, name), logs]);
    return status;
  } catch (error) {
    const interruption = Interruption.of(session.signal);
    if (!interruption || isManagerError(error, "JOB_NOT_FOUND")) throw error;
    if (interruption.exitCode === 0)
      await session.note(`${name} goes on; \`jrun logs ${name}\` shows its output`);
    else await stop(session, context, name);
    throw error;
  }
}

async function stop(session: Session, context: Context, name: string): Promise<void> {
  await session.note(
    `stopping and deleting ${name} (Ctrl-C again: leave at once; the deletion goes on)`,
  );
  await context.delete(name, { force: true });
}

/** The script's exit code; 1 for a job that failed without one. */
function exitCodeOf({ phase, exitCode }: JobStatus): number {
  if (phase === "succeeded") return 0;
  return exitCode === undefined || exitCode === 0 ? 1 : exitCode;
}

function defaultVolume(context: Context): string {
  const volumes = Object.entries(context.volumes);
  const usable = volumes
    .filter(([, source]) => source.kind === "hostpath" && !source.readOnly)
    .map(([name]) => name);
  const [first] = usable;
  if (usable.includes(DEFAULT_VOLUME) || DEFAULT_VOLUME in context.volumes) return DEFAULT_VOLUME;
  if (first !== undefined) return first;
  throw new ManagerError("SPEC_INVALID", "No writable host folder is configured as a volume.", {
    hint: "Name a volume with --run-volume, or add one to `storage.hostpath` of the configuration.",
  });
}

function nameTaken(name: string): ManagerError {
  return new ManagerError("JOB_EXISTS", `The very same job ${name} was run before.`, {
    hint: `Delete it with \`jrun delete ${name}\`, or choose another --name.`,
  });
}
