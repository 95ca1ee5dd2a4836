import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { volumeSources, type FoundConfig } from "@juliarun/sdk";
import type { DockerFacts } from "@juliarun/sdk/docker";
import { fail, ok, warn, type Finding } from "./finding.ts";

/** Kinds of volumes that a Docker Engine can mount. */
const ON_DOCKER: ReadonlySet<string> = new Set(["hostpath", "scratch", "nfs", "gitrepo"]);

/**
 * The configured volumes, as far as this machine can tell.
 * @param facts - whether the engine's folders are this machine's, and whether it can bound the size of volumes.
 */
export async function examineVolumes(
  { config, baseDir }: FoundConfig,
  { local, volumeQuotas }: Pick<DockerFacts, "local" | "volumeQuotas">,
): Promise<Finding[]> {
  const volumes = Object.entries(volumeSources(config.storage, baseDir));
  if (volumes.length === 0)
    return [
      warn(
        "volumes",
        "none is configured",
        "Add one to `storage.hostpath`: every job needs a run volume.",
      ),
    ];
  return Promise.all(
    volumes.map(async ([name, source]) => {
      const subject = `volume ${name}`;
      if (!ON_DOCKER.has(source.kind))
        return ok(subject, `${source.kind}; only for other backends`);
      if (source.kind === "scratch" && source.capacityBytes !== undefined && !volumeQuotas)
        return warn(
          subject,
          "scratch, whose capacity this engine cannot enforce",
          "Put the engine's data folder on a file system with project quotas, or leave out `capacity`.",
        );
      if (source.kind !== "hostpath" || !local) return ok(subject, source.kind);
      return examineFolder(subject, source.path, source.readOnly);
    }),
  );
}

async function examineFolder(subject: string, path: string, readOnly: boolean): Promise<Finding> {
  const found = await stat(path).catch(() => undefined);
  if (!found)
    return fail(
      subject,
      `${path} does not exist`,
      `\`mkdir -p ${path}\`, or correct its path in the configuration.`,
    );
  if (!found.isDirectory())
    return fail(subject, `${path} is not a folder`, "Correct its path in the configuration.");
  const writable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (readOnly || writable) return ok(subject, path);
  return warn(
    subject,
    `${path} belongs to somebody else`,
    "Jobs run as its owner; you may not be able to read their results.",
  );
}
