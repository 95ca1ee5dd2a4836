import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";

/** A place with a network and mounts of its own, alive until it is closed. */
export interface Enclosure {
  /** The command line that runs `command` inside it; the process keeps its id. */
  enter(command: readonly string[]): [string, ...string[]];
  close(): void;
}

// dockerd reads its identity and the user's settings in /etc/docker: hidden, it makes its own.
const script = `
mkdir -p /etc/docker && mount -t tmpfs enclosure /etc/docker || exit 1
ip link set lo up 2>/dev/null
echo ready
exec cat >/dev/null`;

/**
 * Linux namespaces for a second engine. In the host's network it would flush the first one's
 * firewall chains and claim its bridge; with the host's /etc/docker it would have the first one's
 * id.
 */
export async function createEnclosure(): Promise<Enclosure> {
  const holder = spawn("unshare", ["--net", "--mount", "sh", "-c", script], {
    // It ends with its input, so it does not outlive us even if we are killed.
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  await ready(holder);
  holder.stdout.destroy();
  if (holder.stdin instanceof Socket) holder.stdin.unref();
  holder.unref();
  const namespaces = `/proc/${holder.pid}/ns`;
  const nsenter = ["nsenter", `--net=${namespaces}/net`, `--mount=${namespaces}/mnt`] as const;
  return {
    enter: (command) => [...nsenter, ...command],
    close: () => holder.stdin.destroy(),
  };
}

function ready(holder: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    holder.once("error", reject);
    holder.once("exit", (code) => reject(new Error(`unshare --net --mount: exit code ${code}`)));
    holder.stdout?.once("data", () => resolve());
  });
}
