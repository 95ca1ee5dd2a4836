import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterBackend } from "../backend/cluster-backend.ts";
import type { Job } from "../backend/job.ts";
import { isFinal } from "../status/job-status.ts";

/** What {@link awaitJob} waits for. */
export interface AwaitJobOptions {
  readonly backend: ClusterBackend;
  readonly name: string;
  /** For the failure's message. */
  readonly description: string;
  readonly condition: (job: Job) => boolean;
  readonly patienceMs: number;
}

/**
 * Waits for a job by watching, and by asking now and then: a backend that watches badly fails the cases about watching,
 * not all of them.
 */
export async function awaitJob(options: AwaitJobOptions): Promise<Job> {
  const over = new AbortController();
  const found = Promise.withResolvers<Job>();
  const check = (job: Job): void => {
    if (options.condition(job)) found.resolve(job);
  };
  const watching = watchFor(options, check, over.signal).catch(() => undefined);
  const asking = ask(options, check, over.signal).catch(found.reject);
  try {
    return await confirm(await found.promise, options);
  } finally {
    over.abort();
    await asking;
    // A watch that does not end when it should is noticed by a case of its own.
    await Promise.race([watching, sleep(100)]);
  }
}

/** What was told once can be asked for, unless it has changed since: so `watch` and `inspect` prove each other. */
async function confirm(told: Job, { backend, name, condition }: AwaitJobOptions): Promise<Job> {
  const asked = await backend.inspect(name);
  if (condition(asked)) return asked;
  if (!isFinal(told.status)) return told;
  return assert.fail(
    `job ${name} was told to be ${describeJob(told)}, but is ${describeJob(asked)}`,
  );
}

async function watchFor(
  { backend, name }: AwaitJobOptions,
  check: (job: Job) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of backend.watch({ name }, signal)) {
    if (event.type === "snapshot") event.jobs.forEach((job) => check(job));
    if (event.type === "changed") check(event.job);
  }
}

async function ask(
  { backend, name, description, patienceMs }: AwaitJobOptions,
  check: (job: Job) => void,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!signal.aborted) {
    const job = await backend.inspect(name);
    check(job);
    if (Date.now() > deadline) {
      assert.fail(`job ${name} not ${description} within ${patienceMs} ms: ${describeJob(job)}`);
    }
    await sleep(patienceMs / 25, undefined, { signal }).catch(() => undefined);
  }
}

/** A job's state in a line, for messages. */
export function describeJob({ status }: Job): string {
  const units = status.units.map(
    (unit) => `${unit.name} ${unit.phase} (${unit.reason}, ${unit.attempts} attempts)`,
  );
  return `${status.phase}, ${status.reason}: ${status.message} [${units.join(", ")}]`;
}
