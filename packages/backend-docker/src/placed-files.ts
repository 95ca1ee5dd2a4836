import { FILES_DIR, SECRETS_DIR, type ContainerPlan, type JobRecord } from "@juliarun/core";
import { pack } from "tar-stream";

/** A file or folder of an archive; folders have no content. */
export interface ArchiveEntry {
  /** Absolute path inside the container. */
  readonly path: string;
  readonly mode: number;
  readonly content?: Uint8Array;
  /** Owner; 0 where absent. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Numbers of the user that a unit's programs run as. */
export interface UserNumbers {
  readonly uid: number;
  readonly gid: number;
}

/**
 * What has to be put into a unit's container before it starts: the user's files for everybody, secrets for the
 * container's user only, scratch folders that everybody may write to, and folders of clones. Pure.
 */
export function toPlacedEntries(
  record: JobRecord,
  container: ContainerPlan,
  owner: UserNumbers,
): ArchiveEntry[] {
  const scratch = container.mounts.flatMap(({ volume, path, readOnly }) => {
    switch (record.plan.volumes[volume]?.kind) {
      case "scratch":
        // Nothing can be put into one that is read-only, and nothing would be written to it.
        return readOnly ? [] : [{ path, mode: 0o1777 }];
      case "gitrepo":
        return [{ path, mode: 0o755, ...owner }];
      default:
        return [];
    }
  });
  const files = container.files.map(({ name, contentBase64 }) => ({
    path: `${FILES_DIR}/${name}`,
    mode: 0o644,
    content: Buffer.from(contentBase64, "base64"),
  }));
  const secrets = container.secrets.flatMap((name) => {
    const value = record.secrets[name];
    if (value === undefined) return [];
    return [{ path: `${SECRETS_DIR}/${name}`, mode: 0o400, content: Buffer.from(value), ...owner }];
  });
  const parents = [
    ...(files.length === 0 ? [] : [{ path: FILES_DIR, mode: 0o755 }]),
    ...(secrets.length === 0 ? [] : [{ path: SECRETS_DIR, mode: 0o755 }]),
  ];
  return [...scratch, ...parents, ...files, ...secrets];
}

/** A tar archive to unpack at `/`. */
export async function toArchive(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, mode, content, uid = 0, gid = 0 } of entries) {
    const header = { name: path.replace(/^\/+/, ""), mode, uid, gid, mtime: new Date(0) };
    if (content) archive.entry({ ...header, type: "file" }, Buffer.from(content));
    else archive.entry({ ...header, type: "directory" });
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
