import { setTimeout as delay } from "node:timers/promises";
import {
  cloneFailure,
  gitClone,
  gitImage,
  ManagerError,
  type GitSource,
  type JobRecord,
} from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import {
  GIT_HELPER,
  GIT_PLACE,
  lastWords,
  makeGitHelper,
  removeGitHelper,
  type Clone,
  type CloningUnit,
  type GitParts,
} from "./git-helper.ts";
import { readGitToken } from "./git-token.ts";
import type { Images } from "./images.ts";
import { LABEL } from "./labels.ts";
import { toArchive } from "./placed-files.ts";
import { mountedRepositories } from "./volumes.ts";

/** Pauses between tries: a server that restarts is back by then. */
const PAUSES_MS = [1000, 5000];

/**
 * Refuses a repository that cannot be cloned as it is configured, and makes sure of the image.
 * @throws ManagerError CAPABILITY_UNSUPPORTED, CONFIG_INVALID, IMAGE_NOT_FOUND.
 */
export async function prepareClone(
  { images, env }: Pick<GitParts, "images" | "env">,
  [volume, source]: readonly [volume: string, source: GitSource],
  onProgress?: Parameters<Images["ensure"]>[1],
  signal?: AbortSignal,
): Promise<void> {
  gitClone(volume, source, GIT_PLACE);
  await readGitToken(volume, source, env);
  await images.ensure(gitImage(source), onProgress, signal);
}

/**
 * Clones the repositories that a unit mounts into volumes of its container's own.
 * @throws ManagerError VOLUME_NOT_FOUND with git's words when one cannot be cloned.
 */
export async function cloneRepositories(
  parts: GitParts,
  unit: CloningUnit,
  signal?: AbortSignal,
): Promise<void> {
  const sources = new Map(mountedRepositories(unit.record.plan));
  const mounts = unit.group.container.mounts.filter(({ volume }) => sources.has(volume));
  if (mounts.length === 0) return;
  await Promise.all(
    mounts.map(async (mount) => {
      const source = sources.get(mount.volume);
      if (source) await cloneOne(parts, unit, { mount, source }, signal);
    }),
  );
}

/** Removes what clones of a job's units have left, where whoever made them was killed. */
export async function removeClones(client: DockerClient, { uid }: JobRecord): Promise<void> {
  const label = [`${LABEL.uid}=${uid}`, `${LABEL.helper}=${GIT_HELPER}`];
  const left = await client.call("to list containers", async (docker) =>
    docker.listContainers({ all: true, filters: { label } }),
  );
  for (const { Id } of left) await removeGitHelper(client, Id);
  const { Volumes } = await client.call("to list volumes", async (docker) =>
    docker.listVolumes({ filters: { label: [`${LABEL.uid}=${uid}`] } }),
  );
  for (const { Name } of Volumes) {
    await client
      .call("to remove a volume", async (docker) => docker.getVolume(Name).remove())
      // Gone, or still in use by a container that is being removed, and then removed with it.
      .catch(() => undefined);
  }
}

async function cloneOne(
  parts: GitParts,
  unit: CloningUnit,
  clone: Clone,
  signal?: AbortSignal,
): Promise<void> {
  const pauses = unit.group.restart.policy === "never" ? [] : PAUSES_MS;
  for (const pause of [...pauses, undefined]) {
    const words = await runGit(parts, unit, clone, signal);
    if (words === undefined) return;
    if (pause === undefined) {
      const { volume } = clone.mount;
      throw new ManagerError("VOLUME_NOT_FOUND", cloneFailure(clone.source.repository, words), {
        hint: "Correct the volume's repository, ref or credential in the configuration.",
        details: { volume, repository: clone.source.repository },
      });
    }
    await delay(pause, undefined, signal ? { signal } : {});
  }
}

/** Undefined when it has cloned; else what git said. */
async function runGit(
  parts: GitParts,
  unit: CloningUnit,
  clone: Clone,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { client, env } = parts;
  const token = await readGitToken(clone.mount.volume, clone.source, env);
  const container = await makeGitHelper(parts, unit, clone, signal);
  try {
    if (token !== undefined) {
      const file = {
        path: GIT_PLACE.tokenFile,
        mode: 0o400,
        content: Buffer.from(token),
        ...unit.user,
      };
      const archive = await toArchive([file]);
      await client.call("to place a token", async () =>
        container.putArchive(archive, { path: "/" }),
      );
    }
    await client.call("to start a container for git", async () => container.start(), { signal });
    const { StatusCode } = await client.call<{ StatusCode: number }>(
      "to wait for git",
      async () => container.wait() as Promise<{ StatusCode: number }>,
      { signal, timeoutMs: 0 },
    );
    return StatusCode === 0 ? undefined : await lastWords(client, container, StatusCode);
  } finally {
    await removeGitHelper(client, container.id);
  }
}
