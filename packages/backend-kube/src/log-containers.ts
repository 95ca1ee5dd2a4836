import type { LogContainers } from "@juliarun/core";
import { LABEL } from "./manifests/labels.ts";
import type { PodLogSource } from "./pod-logs.ts";
import { compareRuns, runsOf, type PodRun } from "./pod-run.ts";

/** The containers of the pods that are there, for their logs. */
export function podRuns(source: PodLogSource): LogContainers<PodRun> {
  return {
    list: async (jobUid, signal) => {
      const labels = jobUid === undefined ? {} : { [LABEL.uid]: jobUid };
      return (await source.pods(labels, signal)).flatMap((pod) => runsOf(pod));
    },
    unitOf: ({ pod, unit }) => ({ jobUid: pod.jobUid, unit }),
    compare: compareRuns,
  };
}
