import { basename } from "node:path/posix";
import { extract } from "tar-stream";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";

/** Contents of the files directly at a path inside a container, running or not, by file name; empty where the path is not. */
export async function readArchive(
  client: DockerClient,
  containerId: string,
  path: string,
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let stream: NodeJS.ReadableStream;
  try {
    stream = await client.call(`to read ${path} of a container`, async (docker) =>
      docker.getContainer(containerId).getArchive({ path }),
    );
  } catch (error) {
    if (engineStatus(error) === 404) return files;
    throw error;
  }
  const archive = extract();
  stream.on("error", (error) => archive.destroy(error));
  stream.pipe(archive);
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
    if (entry.header.type === "file") {
      files.set(basename(entry.header.name), Buffer.concat(chunks));
    }
  }
  return files;
}
