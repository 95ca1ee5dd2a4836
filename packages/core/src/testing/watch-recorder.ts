import type { ClusterBackend, JobFilter } from "../backend/cluster-backend.ts";
import type { Job, JobEvent } from "../backend/job.ts";
import { isFinal } from "../status/job-status.ts";
import { Recorder, type RecorderContext } from "./recorder.ts";

/** Somebody who watches jobs. */
export class WatchRecorder extends Recorder<JobEvent> {
  constructor(backend: ClusterBackend, filter: JobFilter | undefined, context: RecorderContext) {
    super((signal) => backend.watch(filter, signal), context);
  }

  /** Every state that was told of this job, in order. */
  statesOf(name: string): Job[] {
    return this.items.flatMap((event) => {
      if (event.type === "snapshot") return event.jobs.filter((job) => job.name === name);
      return event.type === "changed" && event.job.name === name ? [event.job] : [];
    });
  }

  hasFinal(name: string): boolean {
    return this.statesOf(name).some(({ status }) => isFinal(status));
  }

  hasDeleted(name: string): boolean {
    return this.items.some((event) => event.type === "deleted" && event.name === name);
  }

  /** Waits for the first snapshot: from then on nothing is missed. */
  async begun(): Promise<void> {
    await this.until("a first event", ({ items }) => items.length > 0);
  }

  protected override summary(): string {
    const told = this.items.map((event) =>
      event.type === "changed" ? `${event.job.name} ${event.job.status.phase}` : event.type,
    );
    return `events ${told.slice(-20).join(", ")}`;
  }
}
