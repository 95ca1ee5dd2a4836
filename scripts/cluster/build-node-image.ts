import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { execa } from "execa";
import { buildImage, inspectImage, recipeHash, recipeLabel, type Recipe } from "../images/index.ts";
import type { Progress } from "../progress/progress.ts";
import { cacheFolder, ensureCacheFolder } from "./cache-folder.ts";
import { command } from "./command.ts";
import { buildNodeProgram, ensureGoProgram, moduleFolder } from "./go-programs.ts";
import { ensureGo } from "./go.ts";
import { imageNames, partImages } from "./image-names.ts";
import { folderHash } from "./recipe-hash.ts";
import { versions } from "./versions.ts";

const nodeFolder = fileURLToPath(new URL("node", import.meta.url));

const base: Recipe = {
  tag: "jrun/kube-base:debian",
  official: versions.nodeImage,
  suite: "bookworm",
  variant: "minbase",
  packages: [
    "containerd",
    "runc",
    "containernetworking-plugins",
    "ca-certificates",
    "iptables",
    "iproute2",
    "conntrack",
    "ethtool",
    "socat",
    "kmod",
    "mount",
    "procps",
    "util-linux",
  ],
  hooks: [],
  changes: ["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
};

/** A hash of everything that the built node image is made of. */
export async function nodeRecipeHash(): Promise<string> {
  const [node, programs] = await Promise.all([folderHash(nodeFolder), folderHash(moduleFolder)]);
  return recipeHash({
    ...base,
    hooks: [node, programs, JSON.stringify(versions)],
  });
}

/** Makes kind's node image of Go modules and Debian packages, and tags it. Minutes the first time. */
export async function buildNodeImage(
  docker: Docker,
  tag: string,
  progress: Progress,
): Promise<void> {
  const programs = await ensureNodePrograms(progress);
  const existing = await inspectImage(docker, base.tag);
  if (existing?.Config.Labels?.[recipeLabel] !== recipeHash(base)) {
    await buildImage(docker, base, progress);
  }
  const context = await mkdtemp(join(await ensureCacheFolder(), "context-"));
  try {
    await progress.step(`Building the node image ${tag}`, async (detail) => {
      await fillContext(context, programs);
      for (const [target, image] of Object.entries(partImages)) {
        detail(target);
        await dockerBuild(context, target, image);
      }
      detail("images of the node");
      const save = ["save", "--output", join(context, "images.tar"), ...Object.values(partImages)];
      await command("docker", save, { purpose: "Saving the node's images" });
      await dockerBuild(context, "node", tag);
      // Their content stays in the node image.
      await command("docker", ["image", "rm", ...Object.values(partImages)], {
        purpose: "Removing the names of the node's images",
      });
    });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Where the program is that is kubectl and all others of the node's, once it has been built. */
export async function kubeboxPath(): Promise<string> {
  const folder = `kubernetes-${await folderHash(moduleFolder)}`;
  return join(cacheFolder(), "programs", folder, "kubebox");
}

/** The paths of the programs in the images, which are built where they are missing; `kubebox` is the first. */
async function ensureNodePrograms(progress: Progress): Promise<[kubebox: string, ...string[]]> {
  const kubebox = await kubeboxPath();
  const pause = join(dirname(kubebox), "pause");
  if (!existsSync(kubebox) || !existsSync(pause)) {
    const go = await ensureGo(progress);
    await mkdir(dirname(kubebox), { recursive: true });
    const title = `Building Kubernetes ${versions.kubernetes} from its Go modules, with low priority`;
    await progress.step(title, async () => {
      await buildNodeProgram(go, "./pause", pause);
      await buildNodeProgram(go, ".", kubebox);
    });
  }
  const modules: [string, string][] = [
    ["github.com/coredns/coredns", versions.coredns],
    ["sigs.k8s.io/metrics-server/cmd/metrics-server", versions.metricsServer],
  ];
  const others: string[] = [];
  // One after the other: each uses all processors.
  for (const module of modules) others.push(await ensureGoProgram(...module, progress));
  return [kubebox, pause, ...others];
}

async function fillContext(
  context: string,
  programs: readonly [kubebox: string, ...string[]],
): Promise<void> {
  const names = await readdir(nodeFolder);
  for (const path of [...names.map((name) => join(nodeFolder, name)), ...programs]) {
    await copyFile(path, join(context, basename(path)));
  }
  const list = ["config", "images", "list", "--kubernetes-version", versions.kubernetes];
  const { stdout } = await execa(programs[0], list, { argv0: "kubeadm" });
  await writeFile(join(context, "image-names"), imageNames(stdout));
}

async function dockerBuild(context: string, target: string, tag: string): Promise<void> {
  const values = { BASE: base.tag, KUBERNETES_VERSION: versions.kubernetes };
  const args = Object.entries(values).flatMap(([name, value]) => [
    "--build-arg",
    `${name}=${value}`,
  ]);
  await command(
    "docker",
    ["build", "--quiet", "--target", target, ...args, "--tag", tag, context],
    {
      purpose: `Building the image ${tag}`,
    },
  );
}
