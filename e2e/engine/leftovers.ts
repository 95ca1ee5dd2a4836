import { existsSync } from "node:fs";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Ends whatever a private engine in `folder` has left running (containerd, shims, containers), and
 * deletes the folder. The engine's mounts went with its mount namespace.
 */
export async function removeEngineFolder(folder: string): Promise<void> {
  const containers = await readdir(join(folder, "data/containers")).catch((): string[] => []);
  for (const pid of (await readdir("/proc")).map(Number).filter((name) => name > 1)) {
    if (pid === process.pid) continue;
    // Containers are known by their cgroup: their command line says nothing.
    const [commandLine, cgroup] = await Promise.all([read(pid, "cmdline"), read(pid, "cgroup")]);
    const ours = commandLine.includes(`${folder}/`) || containers.some((id) => cgroup.includes(id));
    if (ours) killIfAlive(pid, "SIGKILL");
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes the engines in `parent` whose test process has ended without doing so. */
export async function removeAbandonedEngines(parent: string, prefix: string): Promise<void> {
  for (const name of (await readdir(parent)).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(parent, name);
    const owner = await readFile(join(folder, "owner"), "utf8").catch(() => "");
    if (owner !== "" && !existsSync(`/proc/${owner}`)) await removeEngineFolder(folder);
  }
}

/** Sends a signal; a process that is gone already is no error. */
export function killIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}
