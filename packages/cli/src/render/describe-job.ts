import type { Job, JobStatus } from "@juliarun/sdk";
import { formatAge, formatRuntime } from "../terminal/age.ts";

/** The state of a job in a sentence: `hello is queued: waits for 2 cores`. */
export function describeState(name: string, { phase, reason, message }: JobStatus): string {
  const obvious = reason === "Running" || reason === "Succeeded" || reason === "Starting";
  return obvious || message === "" ? `${name} is ${phase}` : `${name} is ${phase}: ${message}`;
}

/** The end of a job in a sentence: `hello succeeded after 3s`. */
export function describeEnd(name: string, status: JobStatus): string {
  const { phase, message, startedAt, finishedAt } = status;
  const time =
    startedAt === undefined || finishedAt === undefined
      ? ""
      : ` after ${formatRuntime(finishedAt - startedAt)}`;
  const verb = phase === "lost" ? "was lost" : phase;
  return phase === "succeeded" ? `${name} succeeded${time}` : `${name} ${verb}${time}: ${message}`;
}

/** What a submit found in place of a new job. */
export function describeExisting({ name, status }: Job, now: number): string {
  const age = formatAge(now - (status.finishedAt ?? status.submittedAt));
  if (status.finishedAt === undefined) {
    return `${name} was submitted ${age} ago with the same parameters and is ${status.phase}: nothing new was started`;
  }
  const result =
    status.exitCode === undefined ? status.phase : `${status.phase}, exit code ${status.exitCode}`;
  return `NOT RUN AGAIN: ${name} is the OLD job with the same parameters, finished ${age} ago (${result})`;
}
