import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Which process on which machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Machine, its boot and its process namespace: numbers of processes can be compared only within one. */
  readonly host: string;
  /** Tells a process from a later one of the same number; empty where the system does not say. */
  readonly started: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const namespace = attempt(() => readlinkSync("/proc/self/ns/pid"));
  return {
    pid: process.pid,
    host: [hostname(), boot, namespace].join("/"),
    started: startedAt(process.pid),
  };
}

/** Whether a process is known to be dead; false where this machine cannot tell. */
export function isDead(other: ProcessIdentity, own: ProcessIdentity): boolean {
  if (other.host !== own.host) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it is there and somebody else's.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  return other.started !== "" && startedAt(other.pid) !== other.started;
}

/** Field 22 of the kernel's status line; the name before it may hold anything, but ends at the last parenthesis. */
function startedAt(pid: number): string {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended.
  return fields[0] === "Z" ? "ended" : (fields[19] ?? "");
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
