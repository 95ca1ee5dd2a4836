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
  const status = await context.wait(name, {
    signal: session.signal,
    onChange: (current) => {
      const state = describeState(name, current);
      if (state !== last && !isFinal(current)) session.progress.show(state);
      last = state;
    },
  });
  await session.note(describeEnd(name, status));
  return status;
}
