import type Docker from "dockerode";
import { Problem } from "../progress/problem.ts";
import type { Progress } from "../progress/progress.ts";
import { buildImage, canBuildImages } from "./build-image.ts";
import { splitTag } from "./image-tag.ts";
import { pullImage } from "./pull-image.ts";
import { recipeHash, recipeLabel, type Recipe } from "./recipe.ts";
import { recipes, type ImageName } from "./recipes.ts";

/** The tag of a test image, which is made if it is missing or its recipe has changed. */
export async function ensureImage(
  docker: Docker,
  name: ImageName,
  progress: Progress,
): Promise<string> {
  const recipe: Recipe = recipes[name];
  if (await isCurrent(docker, recipe)) return recipe.tag;
  if (canBuildImages()) {
    await buildImage(docker, recipe, progress);
    return recipe.tag;
  }
  if (recipe.official === undefined)
    throw new Problem(`There is no image ${recipe.tag}: building needs Linux with mmdebstrap.`);
  const reason = await pullImage(docker, recipe.official, progress);
  if (reason !== undefined) {
    throw new Problem(
      `There is no image ${recipe.tag}: ${recipe.official} cannot be pulled (${reason}), and building needs Linux with mmdebstrap.`,
    );
  }
  await docker.getImage(recipe.official).tag(splitTag(recipe.tag));
  return recipe.tag;
}

/** What the engine knows of an image, or undefined where it has none. */
export async function inspectImage(
  docker: Docker,
  reference: string,
): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(reference).inspect();
  } catch (error) {
    if (error instanceof Error && "statusCode" in error && error.statusCode === 404)
      return undefined;
    throw error;
  }
}

async function isCurrent(docker: Docker, recipe: Recipe): Promise<boolean> {
  const image = await inspectImage(docker, recipe.tag);
  if (image === undefined) return false;
  if (image.Config.Labels?.[recipeLabel] === recipeHash(recipe)) return true;
  if (recipe.official === undefined) return false;
  const official = await inspectImage(docker, recipe.official);
  return official?.Id === image.Id;
}
