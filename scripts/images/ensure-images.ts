import type Docker from "dockerode";
import type { Progress } from "../progress/progress.ts";
import { ensureImage } from "./ensure-image.ts";
import { ensureJuliaImage } from "./julia-image.ts";
import type { ImageName } from "./recipes.ts";

/** What tests on the Docker Engine use. */
export const dockerTestImages = [
  "julia",
  "busybox",
  "registry",
  "haproxy",
  "nginx",
  "rabbitmq",
] as const satisfies readonly ImageName[];

/** What tests on a Kubernetes cluster use. */
export const clusterTestImages = [
  "julia",
  "busybox",
  "git",
  "nginx",
  "rabbitmq",
] as const satisfies readonly ImageName[];

/**
 * Test images by name; those that are missing are made side by side.
 * @param julia - the image with Julia that is wanted, if any.
 */
export async function ensureImages<Name extends ImageName>(
  docker: Docker,
  names: readonly Name[],
  julia: string | undefined,
  progress: Progress,
): Promise<Readonly<Record<Name, string>>> {
  const ensure = async (name: Name): Promise<string> =>
    name === "julia"
      ? ensureJuliaImage(docker, julia, progress)
      : ensureImage(docker, name, progress);
  const made = await Promise.allSettled(names.map(ensure));
  // No build is left behind by another one's failure.
  const failed = made.find((each) => each.status === "rejected");
  if (failed) throw failed.reason;
  return byName(
    names,
    made.map((each) => (each.status === "fulfilled" ? each.value : "")),
  );
}

/** A record of one text for each name. */
export function byName<Name extends ImageName>(
  names: readonly Name[],
  texts: readonly string[],
): Readonly<Record<Name, string>> {
  const entries = names.map((name, index) => [name, texts[index] ?? ""]);
  return Object.fromEntries(entries) as Record<Name, string>;
}
