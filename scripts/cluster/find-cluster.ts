import { existsSync } from "node:fs";
import { join } from "node:path";
import { isOnPath } from "../engine/debian.ts";
import { byName, clusterTestImages, recipes } from "../images/index.ts";
import { Problem } from "../progress/problem.ts";
import { cacheFolder } from "./cache-folder.ts";
import { ClusterNode } from "./cluster-node.ts";

/** The name of the kind cluster that tests use. */
export const clusterName = "juliarun-e2e";

/** A Kubernetes cluster for tests. */
export interface TestCluster {
  /** Path of a kubeconfig whose current context is the cluster's administrator. */
  readonly kubeconfig: string;
  /** A folder that is at the same path on this machine and on the node; a given cluster's is `JRUN_TEST_HOST_FOLDER`. */
  readonly hostFolder: string | undefined;
  /** References for pods, which the node has; a given cluster's are `JRUN_JULIA_IMAGE` and the like, or official ones. */
  readonly images: TestImages;
  /** Its name, where it is a kind cluster of this project; undefined for a given one. */
  readonly kind?: string;
}

/** Images for tests. */
export type TestImages = Readonly<Record<(typeof clusterTestImages)[number], string>> & {
  /** Absent where it cannot be made. */
  readonly gitserver?: string;
};

/** What a finished cluster's node says about it. */
export interface ClusterState {
  /** A hash of how it was made. */
  readonly recipe: string;
  readonly hostFolder: string;
  /** Of an earlier version of these scripts, some may be missing. */
  readonly images: Partial<TestImages>;
}

/** Why there is no cluster to use. */
export interface NoCluster {
  readonly reason: string;
}

/** Where the node keeps its {@link ClusterState}. */
export const stateFile = "/kind/juliarun.json";

/** The kubeconfig of a kind cluster of this project. */
export function kubeconfigPath(name: string): string {
  return join(cacheFolder(), `${name}.kubeconfig`);
}

/** The cluster that `JRUN_TEST_KUBECONFIG` names, or a finished kind cluster that runs and answers; makes nothing. */
export async function findCluster(
  name = clusterName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TestCluster | NoCluster> {
  const given = env["JRUN_TEST_KUBECONFIG"];
  if (given !== undefined && given !== "") return givenCluster(given, env);
  const state = await clusterState(name);
  const kubeconfig = kubeconfigPath(name);
  if (state === undefined || !existsSync(kubeconfig)) {
    return { reason: `no kind cluster ${name} runs here` };
  }
  const { hostFolder, images } = state;
  const missing = clusterTestImages.filter((image) => images[image] === undefined);
  if (missing.length > 0)
    return { reason: `the kind cluster ${name} has no image ${missing.join(", ")}` };
  const found = clusterTestImages.map((image) => images[image] ?? "");
  return {
    kubeconfig,
    hostFolder,
    images: { ...images, ...byName(clusterTestImages, found) },
    kind: name,
  };
}

/** The state of a kind cluster that is finished and answers, else undefined. */
export async function clusterState(name: string): Promise<ClusterState | undefined> {
  if (!isOnPath("docker")) return undefined;
  const node = new ClusterNode(name);
  try {
    const question = ["get", "--raw", "/readyz", "--request-timeout=20s"];
    await node.kubectl(question, "Asking the cluster");
    return parseState(await node.run(["cat", stateFile], "Reading the cluster's state"));
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** A state from its text, or undefined where it is of another version of these scripts. */
export function parseState(text: string): ClusterState | undefined {
  const { recipe, hostFolder, images } = JSON.parse(text) as Partial<ClusterState>;
  if (recipe === undefined || hostFolder === undefined || images === undefined) return undefined;
  return { recipe, hostFolder, images };
}

function givenCluster(kubeconfig: string, env: NodeJS.ProcessEnv): TestCluster {
  if (!existsSync(kubeconfig)) {
    throw new Problem(`JRUN_TEST_KUBECONFIG names ${kubeconfig}, which is not there.`);
  }
  const images = clusterTestImages.map(
    (name) => env[`JRUN_${name.toUpperCase()}_IMAGE`] ?? recipes[name].official,
  );
  return {
    kubeconfig,
    hostFolder: env["JRUN_TEST_HOST_FOLDER"],
    images: byName(clusterTestImages, images),
  };
}
