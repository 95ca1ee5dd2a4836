import type Dockerode from "dockerode";
import { everyTenth } from "../every-tenth.ts";
import type { Figure } from "../figure.ts";
import type { Figures } from "../figures.ts";
import type { DockerMeasurement, DockerOptions } from "../options.ts";
import { BenchCluster } from "./bench-cluster.ts";
import { finishJobs, listFinished } from "./list-finished.ts";
import { followLog } from "./log-follow.ts";
import { RunningJobs } from "../running-jobs.ts";
import { prepareTwins, type Stage } from "./stage.ts";
import { submitMany } from "./submit-many.ts";
import { submitOne } from "./submit-one.ts";

/** Runs the measurements on the user's Docker Engine, in a namespace of its own, and removes what they have made. */
export async function measureDocker(
  options: DockerOptions,
  say: (text: string) => void,
): Promise<Figures> {
  const cluster = await BenchCluster.open();
  try {
    const machine = await describeMachine(cluster.docker);
    const jobs = new RunningJobs(cluster.context);
    try {
      await jobs.ready();
      const twins = await prepareTwins(cluster, jobs);
      return { machine, figures: await measure({ cluster, jobs, twins }, options, say) };
    } finally {
      await jobs.close();
    }
  } finally {
    await cluster.close();
  }
}

async function measure(
  parts: Omit<Stage, "onPair">,
  options: DockerOptions,
  say: (text: string) => void,
): Promise<Figure[]> {
  const { pairs, burst, jobs, lines } = options;
  const stage = (what: string): Stage => ({ ...parts, onPair: everyTenth(what, say) });
  const runs: Record<DockerMeasurement, () => Promise<Figure[]>> = {
    submit: async () => submitOne(stage("submit"), pairs),
    burst: async () => submitMany(stage("burst"), burst, Math.ceil(pairs / 5)),
    follow: async () => followLog(stage("follow"), lines, Math.ceil(pairs / 10)),
    // Last, as it leaves many containers.
    list: async () => {
      await finishJobs(stage("finished jobs"), jobs);
      const lists = await listFinished(stage("list"), jobs, pairs);
      const what = `submit to running, one job, beside ${jobs} finished ones`;
      return [...lists, ...(await submitOne(stage("submit"), Math.ceil(pairs / 4), what))];
    },
  };
  const figures: Figure[] = [];
  for (const name of ["submit", "burst", "follow", "list"] as const) {
    if (options.only.includes(name)) figures.push(...(await runs[name]()));
  }
  return figures;
}

/** Without names. */
async function describeMachine(docker: Dockerode): Promise<string> {
  const [info, version]: [EngineInfo, { Version: string }] = await Promise.all([
    docker.info() as Promise<EngineInfo>,
    docker.version(),
  ]);
  const gib = (info.MemTotal / 2 ** 30).toFixed(0);
  return `${info.NCPU} cores, ${gib} GiB, ${info.OperatingSystem}, Docker ${version.Version} (${info.Driver}), Node ${process.versions.node}`;
}

interface EngineInfo {
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly OperatingSystem: string;
  readonly Driver: string;
}
