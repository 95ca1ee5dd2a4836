import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../progress/progress.ts";
import { ensureCacheFolder } from "./cache-folder.ts";
import { command } from "./command.ts";
import { kubeconfigPath } from "./find-cluster.ts";
import { kindConfig } from "./kind-config.ts";
import { ensureKind } from "./kind.ts";
import type { NodeImage } from "./node-image.ts";

// Of several container engines on one machine, the one that these scripts ask for everything else.
const env = { KIND_EXPERIMENTAL_PROVIDER: "docker" };

/** Creates a kind cluster and its kubeconfig ({@link kubeconfigPath}); waits until its node is ready. */
export async function createCluster(
  name: string,
  image: NodeImage,
  hostFolder: string,
  progress: Progress,
): Promise<void> {
  const kind = await ensureKind(progress);
  const config = join(await ensureCacheFolder(), `${name}.kind.json`);
  await writeFile(config, kindConfig(image, hostFolder));
  await progress.step(`Creating the kind cluster ${name}`, async () => {
    const files = ["--config", config, "--kubeconfig", kubeconfigPath(name)];
    await command(kind, ["create", "cluster", "--quiet", "--name", name, ...files, "--wait=180s"], {
      env,
      purpose: `Creating the kind cluster ${name}`,
    });
  });
}

/** Deletes a kind cluster of this name; nothing happens where there is none. */
export async function deleteCluster(name: string, progress: Progress): Promise<void> {
  const kind = await ensureKind(progress);
  await progress.step(`Deleting the kind cluster ${name}`, async () => {
    const args = ["delete", "cluster", "--quiet", "--name", name];
    await command(kind, [...args, "--kubeconfig", kubeconfigPath(name)], {
      env,
      purpose: `Deleting the kind cluster ${name}`,
    });
  });
}

/** Whether a kind cluster of this name is there, running or not. */
export async function clusterExists(name: string, progress: Progress): Promise<boolean> {
  const kind = await ensureKind(progress);
  const names = await command(kind, ["get", "clusters", "--quiet"], {
    env,
    purpose: "Listing kind clusters",
  });
  return names.split("\n").includes(name);
}
