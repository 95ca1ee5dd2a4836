import { findEngine } from "@juliarun/scripts/engine";
import {
  byName,
  canBuildImages,
  dockerTestImages,
  ensureImage,
  ensureImages,
} from "@juliarun/scripts/images";
import type { TestProject } from "vitest/node";
import { lineProgress } from "@juliarun/scripts/progress";

/** Those that tests on Docker use. */
type DockerImages = Readonly<Record<(typeof dockerTestImages)[number], string>> & {
  /** Absent where it cannot be made. */
  readonly gitserver?: string;
};

/** The Docker Engine that tests may use: `inject("docker")`. */
export type TestDocker =
  | { readonly available: true; readonly images: DockerImages }
  | { readonly available: false; readonly reason: string; readonly images: DockerImages };

declare module "vitest" {
  interface ProvidedContext {
    docker: TestDocker;
  }
}

/** Vitest's global set-up: images for the tests, or a loud reason why tests on Docker are skipped. */
export async function setup(project: TestProject): Promise<void> {
  const engine = await findEngine();
  if ("docker" in engine) {
    const progress = lineProgress(process.stderr, "[images] ");
    const julia = process.env["JRUN_JULIA_IMAGE"];
    const made = await ensureImages(engine.docker, dockerTestImages, julia, progress);
    const gitserver = canBuildImages()
      ? await ensureImage(engine.docker, "gitserver", progress)
      : undefined;
    const images = { ...made, ...(gitserver === undefined ? {} : { gitserver }) };
    project.provide("docker", { available: true, images });
    return;
  }
  const reason = engine.reason;
  if (process.env["CI"] === "true") throw new Error(`CI promises a Docker Engine, but: ${reason}`);
  console.warn(`\nSKIPPED: every test on Docker, because: ${reason}\n`);
  project.provide("docker", {
    available: false,
    reason,
    images: byName(dockerTestImages, []),
  });
}
