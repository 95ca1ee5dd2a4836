import { cpus, totalmem } from "node:os";
import type { V1Node } from "@kubernetes/client-node";
import { everyTenth } from "../every-tenth.ts";
import type { Figure } from "../figure.ts";
import type { Figures } from "../figures.ts";
import type { KubernetesOptions, KubernetesMeasurement } from "../options.ts";
import { BenchKube } from "./bench-kube.ts";
import { drain } from "./drain.ts";
import { knownJobs } from "./known-jobs.ts";
import { scaleWorkers } from "./scale-workers.ts";
import type { Stage } from "./side-by-side.ts";
import { submitOne } from "./submit-one.ts";

/** Runs the measurements on the test cluster, in namespaces of their own, and removes what they have made. */
export async function measureKubernetes(
  options: KubernetesOptions,
  say: (text: string) => void,
): Promise<Figures> {
  const bench = await BenchKube.open();
  const leave = (): void => void bench.close().finally(() => process.exit(130));
  process.once("SIGINT", leave).once("SIGTERM", leave);
  try {
    const machine = await describeMachine(bench);
    return { machine, figures: await measure(bench, options, say) };
  } finally {
    await bench.close();
    process.off("SIGINT", leave).off("SIGTERM", leave);
  }
}

async function measure(
  bench: BenchKube,
  { only, pairs, jobs, workers, rounds }: KubernetesOptions,
  say: (text: string) => void,
): Promise<Figure[]> {
  const stage = (what: string): Stage => ({ bench, onPair: everyTenth(what, say) });
  const runs: Record<KubernetesMeasurement, () => Promise<Figure[]>> = {
    submit: async () => submitOne(stage("submit"), pairs),
    scale: async () => scaleWorkers(stage("scale"), workers, rounds),
    drain: async () => drain(stage("drain"), jobs, rounds),
    known: async () => knownJobs(stage("known jobs"), jobs, 10 * pairs),
  };
  const figures: Figure[] = [];
  for (const name of ["submit", "scale", "drain", "known"] as const)
    if (only.includes(name)) figures.push(...(await runs[name]()));
  return figures;
}

/** Without names. */
async function describeMachine({ admin }: BenchKube): Promise<string> {
  const { items } = await admin.get<{ items: V1Node[] }>("/api/v1/nodes");
  const versions = new Set(items.map(({ status }) => status?.nodeInfo?.kubeletVersion));
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return `${cpus().length} cores, ${gib} GiB, Kubernetes ${[...versions].join(", ")}, Node ${process.versions.node}`;
}
