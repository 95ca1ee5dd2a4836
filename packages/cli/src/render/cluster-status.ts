import {
  formatCpu,
  formatMemory,
  type ClusterInfo,
  type ClusterStatus,
  type NodeInfo,
} from "@juliarun/sdk";
import type { Printer } from "../terminal/printer.ts";
import { renderTable } from "../terminal/table.ts";

const MIB = 2 ** 20;

/** Memory rounded to whole MiB, as `7.5Gi` or `512Mi`. */
export function renderMemory(bytes: number): string {
  const mib = Math.round(bytes / MIB);
  return mib >= 1024 ? `${Number((mib / 1024).toFixed(1))}Gi` : formatMemory(mib * MIB);
}

/** The cluster with its nodes, for people. */
export function renderClusterStatus(printer: Printer, status: ClusterStatus): string {
  if (!status.up) return `${printer.style("down", "red")}: ${status.error.message}`;
  const { kind, version, address, namespace, nodes } = status.cluster;
  const facts: [string, string][] = [
    ["Cluster:", `${kind} ${version}`],
    ["Address:", address],
    ["Namespace:", namespace],
    ["State:", printer.style("up", "green")],
  ];
  const rows = nodes.map((node) => nodeCells(printer, node));
  return `${renderTable([], facts)}\n\n${renderTable(["NODE", "STATE", "CPU", "MEMORY", "GPUS"], rows)}`;
}

function nodeCells(printer: Printer, { name, ready, capacity, allocated }: NodeInfo): string[] {
  return [
    name,
    ready ? printer.style("ready", "green") : printer.style("not ready", "red"),
    `${formatCpu(allocated.cpuMillis)} of ${formatCpu(capacity.cpuMillis)}`,
    `${renderMemory(allocated.memoryBytes)} of ${renderMemory(capacity.memoryBytes)}`,
    `${allocated.gpus} of ${capacity.gpus}`,
  ];
}

/** What programs get: the state, and the cluster where it is up. */
export function clusterJson(status: ClusterStatus): {
  up: boolean;
  cluster?: ClusterInfo;
  message?: string;
} {
  return status.up
    ? { up: true, cluster: status.cluster }
    : { up: false, message: status.error.message };
}
