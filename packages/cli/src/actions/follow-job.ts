import { isFinal, type Context, type JobStatus } from "@juliarun/sdk";
import { describeEnd, describeState } from "../render/describe-job.ts";
import type { Session } from "../session.ts";

/** Waits for a job's end and says on standard error what it waits for; returns its final status. */
export async function followState(
  session: Session,
  context: Context,
  name: string,
): Promise<JobStatus> {
  let last = "";
  return context.wait(name, {
    signal: session.signal,
    onChange: (status) => {
      const state = describeState(name, status);
      // Once it runs, its own output says more.
      if (status.phase === "running" || isFinal(status)) session.progress.clear();
      else if (state !== last) session.progress.show(state);
      last = state;
    },
  });
}

/** Says on standard error how a job ended. */
export async function noteEnd(session: Session, name: string, status: JobStatus): Promise<void> {
  await session.note(describeEnd(name, status));
}
