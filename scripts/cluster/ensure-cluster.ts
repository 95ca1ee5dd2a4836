import type Docker from "dockerode";
import {
  byName,
  canBuildImages,
  clusterTestImages,
  ensureImage,
  ensureImages,
} from "../images/index.ts";
import { Problem } from "../progress/problem.ts";
import type { Progress } from "../progress/progress.ts";
import { ensureCacheFolder } from "./cache-folder.ts";
import { ClusterNode } from "./cluster-node.ts";
import {
  clusterName,
  clusterState,
  findCluster,
  stateFile,
  type ClusterState,
  type TestCluster,
  type TestImages,
} from "./find-cluster.ts";
import { kindConfig } from "./kind-config.ts";
import { clusterExists, createCluster, deleteCluster } from "./kind-cluster.ts";
import {
  finishMetricsServer,
  metricsAnswer,
  metricsManifests,
  startMetricsServer,
} from "./metrics-server.ts";
import { prepareNodeImage } from "./node-image.ts";
import { hashOf } from "./recipe-hash.ts";
import { metricsServerImage } from "./versions.ts";

/** What {@link ensureCluster} takes. */
export interface ClusterOptions {
  readonly docker: Docker;
  /** The kind cluster's name. */
  readonly name?: string;
}

/**
 * A cluster with the images of the tests and with metrics: the one of `JRUN_TEST_KUBECONFIG`, which is used as it is; else a kind
 * cluster, kept while it answers, with metrics too, and its recipe is the same, else made anew. Throws a {@link Problem} where none can be made.
 */
export async function ensureCluster(
  { docker, name = clusterName }: ClusterOptions,
  progress: Progress,
): Promise<TestCluster> {
  if (process.env["JRUN_TEST_KUBECONFIG"]) return expectCluster(name);
  const image = await prepareNodeImage(docker, progress);
  const hostFolder = await ensureCacheFolder("host");
  const metrics = await metricsManifests();
  const recipe = hashOf([kindConfig(image, hostFolder), metrics.server, metrics.api]);
  const node = new ClusterNode(name);
  const state = await clusterState(name);
  const usable = state?.recipe === recipe && (await metricsAnswer(node));
  if (usable) {
    progress.say(`The kind cluster ${name} answers; it is used as it is.`);
  } else {
    if (await clusterExists(name, progress)) await deleteCluster(name, progress);
    await createCluster(name, image, hostFolder, progress);
    if (image.source === "pulled") await node.loadImage(metricsServerImage);
    await startMetricsServer(node);
  }
  const loaded = await loadImages(docker, node, progress);
  // Another version of these scripts may need others, which the node still has.
  const images = usable ? { ...state.images, ...loaded } : loaded;
  if (!usable) await finishMetricsServer(node, progress);
  const next: ClusterState = { recipe, hostFolder, images };
  // Last, because it tells that everything else is there.
  await node.run(["tee", stateFile], "Writing the cluster's state", JSON.stringify(next));
  return expectCluster(name);
}

async function loadImages(
  docker: Docker,
  node: ClusterNode,
  progress: Progress,
): Promise<TestImages> {
  const julia = process.env["JRUN_JULIA_IMAGE"];
  const images = await ensureImages(docker, clusterTestImages, julia, progress);
  const gitserver = canBuildImages() ? await ensureImage(docker, "gitserver", progress) : undefined;
  return progress.step("Loading images into the cluster", async () => {
    const loads = clusterTestImages.map(async (name) => node.loadImage(images[name]));
    return {
      ...byName(clusterTestImages, await Promise.all(loads)),
      ...(gitserver === undefined ? {} : { gitserver: await node.loadImage(gitserver) }),
    };
  });
}

async function expectCluster(name: string): Promise<TestCluster> {
  const cluster = await findCluster(name);
  if ("reason" in cluster) throw new Problem(`The cluster is not usable: ${cluster.reason}.`);
  return cluster;
}
