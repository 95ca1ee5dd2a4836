import {
  RUNTIME_DIR,
  unitEnvironment,
  type ContainerPlan,
  type ServicePort,
  type UnitGroup,
  type UnitStart,
} from "@juliarun/core";
import type Dockerode from "dockerode";
import { unitLabels, unitVolumeLabels } from "./labels.ts";
import { gatewayGroup } from "./gateway-config.ts";
import { containerName, hostName, hostNames } from "./names.ts";
import { toPublished, type PublishedPort } from "./published-ports.ts";
import { toHealthcheck } from "./readiness.ts";
import { toMount } from "./volume-mount.ts";

/** What of the engine and this machine a container's options depend on. */
export interface ContainerSetting {
  /** Whose records the job is in. */
  readonly owner: string;
  /** Id of the namespace's network. */
  readonly network: string;
  /** Cores of the engine's machine: the engine refuses a higher limit. */
  readonly cpus: number;
  /** User to run as; the image's own where absent. */
  readonly user?: string | undefined;
  /** Name of the filled volume with the runtime bundle, where the plan wants it. */
  readonly runtimeVolume?: string | undefined;
  /** Whether the engine can bound the size of a volume; no where absent. */
  readonly quotas?: boolean;
}

/** Enough for any Julia program with its threads and workers; a fork bomb stays inside. */
export const PIDS_LIMIT = 4096;
/** What the engine keeps of a unit's output: the log files on the run volume are complete. `local` keeps every byte as it is. */
export const LOG_CONFIG = {
  Type: "local",
  Config: { "max-size": "20m", "max-file": "5", compress: "false" },
};
const NANO_CPUS_PER_MILLI = 1_000_000;
/** Shares of one core; the kernel's bounds. */
const CPU_SHARES = { perCore: 1024, min: 2, max: 262_144 };

/** The engine's options for a unit's container. Pure. */
export function toCreateOptions(
  request: UnitStart,
  group: UnitGroup,
  setting: ContainerSetting,
): Dockerode.ContainerCreateOptions {
  const { record, unit, attempt } = request;
  const { container } = group;
  const { network, owner } = setting;
  const hosts = hostNames(record, unit);
  return {
    name: containerName({ ...record, job: record.name, ...unit, attempt }),
    Image: container.image,
    ...(container.command.length === 0 ? {} : { Cmd: [...container.command] }),
    ...(setting.user === undefined ? {} : { User: setting.user }),
    Hostname: hosts[0] ?? record.name,
    Env: toEnvironment(request, container),
    Labels: unitLabels(record, unit, attempt, owner),
    ...(group.readiness ? { Healthcheck: toHealthcheck(group.readiness) } : {}),
    ExposedPorts: Object.fromEntries(
      container.ports.map((port) => [`${port.containerPort}/tcp`, {}]),
    ),
    HostConfig: {
      ...toLimits(container, setting.cpus),
      NetworkMode: network,
      Mounts: toMounts(request, container, setting),
      RestartPolicy: toRestartPolicy(group, request.restartsLeft),
      PortBindings: gatewayGroup(record.plan)
        ? {}
        : toPublished(record.plan.external, container.ports.map(toPublishedPort)),
      LogConfig: LOG_CONFIG,
      PidsLimit: PIDS_LIMIT,
      CapDrop: ["ALL"],
      ...(container.capabilities === undefined ? {} : { CapAdd: [...container.capabilities] }),
      SecurityOpt: ["no-new-privileges:true"],
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: hosts } } },
  };
}

/** The engine's own restart policy for what is left of a unit's restarts. */
export function toRestartPolicy(
  group: Pick<UnitGroup, "restart">,
  restartsLeft: number,
): Dockerode.HostRestartPolicy {
  const { policy } = group.restart;
  if (policy === "always") return { Name: "always" };
  // To the engine 0 means "without end".
  if (policy === "never" || restartsLeft <= 0) return { Name: "no" };
  return { Name: "on-failure", MaximumRetryCount: restartsLeft };
}

function toEnvironment({ record, unit }: UnitStart, container: ContainerPlan): string[] {
  const hasMaster = record.plan.groups.some((group) => group.role === "master");
  const masterHost = hasMaster ? hostName(record, { role: "master", index: 0 }) : undefined;
  const all = { ...container.env, ...unitEnvironment(record, unit, masterHost) };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}

/** The limits of a unit: CPU may burst up to its limit and is shared by request; memory without swap is a hard limit. */
export function toLimits(container: ContainerPlan, cpus: number): Dockerode.HostConfig {
  const { cpuMillis, cpuLimitMillis, memoryBytes, gpus } = container.resources;
  const shares = Math.round((cpuMillis / 1000) * CPU_SHARES.perCore);
  return {
    NanoCpus: Math.min(cpuLimitMillis, cpus * 1000) * NANO_CPUS_PER_MILLI,
    CpuShares: Math.min(CPU_SHARES.max, Math.max(CPU_SHARES.min, shares)),
    Memory: memoryBytes,
    MemorySwap: memoryBytes,
    ...(gpus === 0
      ? {}
      : { DeviceRequests: [{ Driver: "", Count: gpus, Capabilities: [["gpu"]] }] }),
  };
}

function toMounts(
  { record }: UnitStart,
  container: ContainerPlan,
  { runtimeVolume, owner, quotas = false }: ContainerSetting,
): Dockerode.MountConfig {
  const setting = { labels: unitVolumeLabels(record, owner), quotas };
  const mounts = container.mounts.flatMap((mount) => {
    const source = record.plan.volumes[mount.volume];
    return source ? [toMount(mount, source, setting)] : [];
  });
  if (container.runtime && runtimeVolume !== undefined) {
    // Without labels: should the engine have to make it anew, the new one is empty and shows it.
    const options = { NoCopy: true, Labels: {}, DriverConfig: { Name: "local", Options: {} } };
    mounts.push({
      Type: "volume",
      Source: runtimeVolume,
      Target: RUNTIME_DIR,
      ReadOnly: true,
      VolumeOptions: options,
    });
  }
  return mounts;
}

function toPublishedPort({ containerPort, servicePort }: ServicePort): PublishedPort {
  return { port: containerPort, servicePort };
}
