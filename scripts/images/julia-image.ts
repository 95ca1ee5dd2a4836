import type Docker from "dockerode";
import { Problem } from "../progress/problem.ts";
import type { Progress } from "../progress/progress.ts";
import { canBuildImages } from "./build-image.ts";
import { ensureImage, inspectImage } from "./ensure-image.ts";
import { pullImage } from "./pull-image.ts";
import { recipes } from "./recipes.ts";

/**
 * An image with Julia: the `wanted` one; else the official one, present or pulled where a registry answers;
 * else one made of Debian packages. Returns the reference to configure.
 */
export async function ensureJuliaImage(
  docker: Docker,
  wanted: string | undefined,
  progress: Progress,
): Promise<string> {
  const { official, tag } = recipes.julia;
  if (wanted !== undefined && wanted !== tag) return ensurePresent(docker, wanted, progress);
  if (wanted === undefined && (await inspectImage(docker, official))) return official;
  if (wanted === undefined && !(await inspectImage(docker, tag))) {
    const reason = await pullImage(docker, official, progress);
    if (reason === undefined) return official;
    if (!canBuildImages()) throw new Problem(noImage(official, reason));
  }
  return ensureImage(docker, "julia", progress);
}

async function ensurePresent(
  docker: Docker,
  reference: string,
  progress: Progress,
): Promise<string> {
  if (await inspectImage(docker, reference)) return reference;
  const reason = await pullImage(docker, reference, progress);
  if (reason !== undefined) throw new Problem(noImage(reference, reason));
  return reference;
}

function noImage(reference: string, reason: string): string {
  return (
    `There is no Julia image: ${reference} cannot be pulled (${reason}).\n` +
    "Load one (`docker load`) and name it in JRUN_JULIA_IMAGE, or run this as root on Debian to have one built."
  );
}
