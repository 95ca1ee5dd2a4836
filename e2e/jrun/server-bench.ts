import { expect } from "vitest";
import type { JrunFolder } from "./jrun-folder.ts";

/** What tests of real servers need of an engine. */
export interface ServerBench<Folder extends JrunFolder & AsyncDisposable> {
  /** A folder whose configuration has the images `nginx`, `rabbitmq` and `sh`; ends with the test. */
  readonly create: () => Promise<Folder>;
  /** Flags with which a service is reached from this machine. */
  readonly reach: readonly string[];
  /** Kills a unit's container without warning; when it is away. */
  readonly kill: (
    folder: Folder,
    job: string,
    unit: "master" | `worker-${number}`,
  ) => Promise<void>;
}

/** Waits until so many units of a service do their work. */
export async function untilRunning(
  folder: JrunFolder,
  job: string,
  units: number,
  timeout = 60_000,
): Promise<void> {
  const running = async (): Promise<unknown> => {
    const { phase, units: all } = (await folder.job(job)).status;
    return [phase, all.filter((unit) => unit.phase === "running").length];
  };
  await expect.poll(running, { timeout }).toEqual(["running", units]);
}
