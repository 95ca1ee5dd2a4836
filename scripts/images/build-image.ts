import type Docker from "dockerode";
import { execa } from "execa";
import { canInstallPackages, installPackages, isOnPath } from "../engine/debian.ts";
import { Problem } from "../progress/problem.ts";
import type { Progress } from "../progress/progress.ts";
import { debianMirror } from "./debian-mirror.ts";
import { splitTag } from "./image-tag.ts";
import { recipeHash, recipeLabel, type Recipe } from "./recipe.ts";

/** Whether {@link buildImage} can work on this machine. */
export function canBuildImages(): boolean {
  return process.platform === "linux" && (isOnPath("mmdebstrap") || canInstallPackages());
}

/** Makes an image of Debian packages and tags it; needs Debian's archive, no registry. */
export async function buildImage(
  docker: Docker,
  recipe: Recipe,
  progress: Progress,
): Promise<void> {
  if (!isOnPath("mmdebstrap"))
    await installPackages(["mmdebstrap", "debian-archive-keyring"], progress);
  const mirror = await debianMirror();
  await progress.step(
    `Building ${recipe.tag} from Debian ${recipe.suite} (${mirror})`,
    async () => {
      const build = packRoot(recipe, mirror);
      const changes = [...recipe.changes, `LABEL ${recipeLabel}=${recipeHash(recipe)}`];
      // Tagged afterwards: a build that breaks off still leaves the engine an image of what it sent.
      const [{ failed, stderr }, id] = await Promise.all([
        build,
        importImage(docker, build.stdout, changes),
      ]);
      const image = docker.getImage(id);
      if (failed) {
        await image.remove();
        throw new Problem(`mmdebstrap could not make ${recipe.tag}:\n${stderr}`);
      }
      await image.tag(splitTag(recipe.tag));
    },
  );
}

function packRoot(recipe: Recipe, mirror: string) {
  // mmdebstrap has no customize step where it only extracts.
  const stage = recipe.variant === "extract" ? "extract" : "customize";
  const hooks = recipe.hooks.map((hook) => `--${stage}-hook=${hook}`);
  const include = `--include=${recipe.packages.join(",")}`;
  const source = `deb ${mirror} ${recipe.suite} main`;
  const args = [
    "--quiet",
    `--variant=${recipe.variant}`,
    include,
    ...hooks,
    recipe.suite,
    "-",
    source,
  ];
  return execa("mmdebstrap", args, {
    stdin: "ignore",
    // The tar goes to the engine as it comes.
    buffer: { stdout: false },
    reject: false,
  });
}

async function importImage(
  docker: Docker,
  tar: NodeJS.ReadableStream,
  changes: string[],
): Promise<string> {
  const answer = await docker.importImage(tar, { changes });
  let id = "";
  for await (const chunk of answer) {
    for (const line of String(chunk).trim().split("\n")) {
      const { status, error } = JSON.parse(line) as { status?: string; error?: string };
      if (error !== undefined) throw new Problem(`The engine could not import the image: ${error}`);
      if (status?.startsWith("sha256:")) id = status;
    }
  }
  return id;
}
