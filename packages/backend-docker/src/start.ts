import { isManagerError, ManagerError, type UnitGroup, type UnitStart } from "@juliarun/core";
import type Dockerode from "dockerode";
import type { LimitFunction } from "p-limit";
import { setTimeout as delay } from "node:timers/promises";
import type { DockerClient } from "./client.ts";
import { toCreateOptions } from "./container-spec.ts";
import { chooseUser } from "./container-user.ts";
import type { DockerHostOptions } from "./docker-host.ts";
import type { EngineInfo } from "./engine-info.ts";
import { engineStatus } from "./errors.ts";
import type { FolderCheck } from "./folder-check.ts";
import type { Gateways } from "./gateway.ts";
import { cloneRepositories } from "./git-clones.ts";
import type { CloningUnit } from "./git-helper.ts";
import type { Images } from "./images.ts";
import { hostNames } from "./names.ts";
import type { Networks } from "./networks.ts";
import { toArchive, toPlacedEntries } from "./placed-files.ts";
import type { RuntimeVolume } from "./runtime-volume.ts";
import type { StartTimes } from "./start-times.ts";
import { startInNetwork } from "./start-in-network.ts";
import { toTime } from "./status.ts";
import { resolveUserNumbers } from "./user-numbers.ts";
import type { VolumeQuotas } from "./volume-quotas.ts";

/** What starting units needs. */
export interface StartParts {
  readonly client: DockerClient;
  /** Whose records the jobs are in. */
  readonly owner: () => string;
  readonly info: () => Promise<EngineInfo>;
  readonly images: Images;
  readonly networks: Networks;
  readonly gateways: Gateways;
  readonly folders: FolderCheck;
  readonly runtime: RuntimeVolume;
  readonly quotas: VolumeQuotas;
  /** For the tokens of repositories. */
  readonly env: DockerHostOptions["env"];
  readonly times: StartTimes;
  /** Starts under way at once: its number is set when the engine's processors are known. */
  readonly starts: LimitFunction;
}

/** A start is work for processors: more at once than these can do makes all of them late, and none earlier. */
const STARTS_PER_CPU = 2;

/** Times that a container is made anew because somebody removed what it needs while it was being made. */
const ATTEMPTS = 3;
const VISIBLE_MS = 20;
const VISIBLE_CHECKS = 100;

/** Creates and starts the container of one unit, see `UnitEngine.start`. */
export async function startUnit(
  parts: StartParts,
  request: UnitStart,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const { record, unit } = request;
  const group = record.plan.groups.find(({ role }) => role === unit.role);
  if (!group) throw new ManagerError("INTERNAL", `Job ${record.name} has no ${unit.role}.`);
  await parts.gateways.ensure(record);
  for (let attempt = 1; ; attempt++) {
    const container = await createUnit(parts, request, group, signal);
    if (container === "ran-before") return undefined;
    if (await complete(parts, request, group, container, signal)) {
      return beginToRun(parts, request, container.id);
    }
    await removeUnfinished(parts.client, container.id);
    parts.runtime.forget();
    if (attempt === ATTEMPTS) {
      throw new ManagerError(
        "STATE_CONFLICT",
        "The volume with the runtime files is removed again and again while units are started.",
        { hint: "Do not run `docker volume prune` while jobs are being started." },
      );
    }
  }
}

interface CreatedUnit {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly runtimeVolume: string | undefined;
}

async function createUnit(
  parts: StartParts,
  request: UnitStart,
  group: UnitGroup,
  signal?: AbortSignal,
): Promise<CreatedUnit | "ran-before"> {
  const { client, info, networks, runtime } = parts;
  const { record } = request;
  const { image } = group.container;
  const engine = await info();
  const [runtimeVolume, user, network] = await Promise.all([
    group.container.runtime ? runtime.ensure(image) : undefined,
    chooseUser(record.plan, group, {
      info: engine,
      local: client.local,
      socketPath: client.socketPath,
    }),
    networks.ensure(record.namespace),
  ]);
  const options = toCreateOptions(request, group, {
    owner: parts.owner(),
    network,
    cpus: engine.cpus,
    user,
    runtimeVolume,
    quotas: hasCapacity(record, group) && (await parts.quotas.supported()),
  });
  const create = async (): Promise<Dockerode.Container> =>
    client.call(
      `to make container ${options.name}`,
      async (docker) => docker.createContainer(options),
      { signal },
    );
  const created = { name: options.name ?? "", user: user ?? "", runtimeVolume };
  try {
    return { id: (await create()).id, ...created };
  } catch (error) {
    switch (engineStatus(error)) {
      case 409:
        return existing(client, created);
      case 404:
        await parts.images.ensure(image, undefined, signal);
        return { id: (await create()).id, ...created };
      case 400:
        await parts.folders.check(record.plan, signal);
        throw error;
      default:
        throw error;
    }
  }
}

/** The container is there already: by a process that was killed or that acts at the same moment. One that has run is left alone. */
async function existing(
  client: DockerClient,
  { name, user }: Pick<CreatedUnit, "name" | "user">,
): Promise<CreatedUnit | "ran-before"> {
  const found = await inspectNamed(client, name);
  if (found.State.Status !== "created" || found.State.Error !== "") return "ran-before";
  const mounted = found.Mounts.find(({ Name }) => Name?.startsWith("juliarun-runtime-"));
  return { id: found.Id, name, user, runtimeVolume: mounted?.Name };
}

/** A name is taken a moment before its container can be seen. */
async function inspectNamed(
  client: DockerClient,
  name: string,
): Promise<Dockerode.ContainerInspectInfo> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.call(`to look at container ${name}`, async (docker) =>
        docker.getContainer(name).inspect(),
      );
    } catch (error) {
      if (engineStatus(error) !== 404 || attempt === VISIBLE_CHECKS) throw error;
      await delay(VISIBLE_MS);
    }
  }
}

/** Puts in what the container needs; false when its runtime volume is not the filled one. */
async function complete(
  parts: StartParts,
  { record }: UnitStart,
  group: UnitGroup,
  { id, name, user, runtimeVolume }: CreatedUnit,
  signal?: AbortSignal,
): Promise<boolean> {
  const { client, images, runtime } = parts;
  const { container } = group;
  const intact = runtimeVolume === undefined ? true : runtime.isIntact(runtimeVolume);
  const kinds = new Set(container.mounts.map(({ volume }) => record.plan.volumes[volume]?.kind));
  const placed = container.files.length > 0 || container.secrets.length > 0;
  if (placed || kinds.has("scratch") || kinds.has("gitrepo")) {
    const effective = user === "" ? await imageUser(images, container.image) : user;
    const owner = await resolveUserNumbers(client, id, effective);
    const archive = await toArchive(toPlacedEntries(record, container, owner));
    await client.call("to place files in a container", async (docker) =>
      docker.getContainer(id).putArchive(archive, { path: "/" }),
    );
    if (kinds.has("gitrepo")) await clone(parts, { record, group, id, name, user: owner }, signal);
  }
  return intact;
}

/** A unit whose repository cannot be cloned has no container. */
async function clone(parts: StartParts, unit: CloningUnit, signal?: AbortSignal): Promise<void> {
  try {
    await cloneRepositories(parts, unit, signal);
  } catch (error) {
    if (isManagerError(error) && !error.retryable) await removeUnfinished(parts.client, unit.id);
    throw error;
  }
}

function hasCapacity({ plan }: UnitStart["record"], { container }: UnitGroup): boolean {
  return container.mounts.some(({ volume }) => {
    const source = plan.volumes[volume];
    return source?.kind === "scratch" && source.capacityBytes !== undefined;
  });
}

async function imageUser(images: Images, image: string): Promise<string> {
  return (await images.inspect(image))?.Config.User ?? "";
}

/** Starts it, and says since when it runs. Where the engine tried and failed, the container stays and shows why. */
async function beginToRun(
  { client, networks, info, starts, times }: StartParts,
  { record, unit }: UnitStart,
  id: string,
): Promise<number | undefined> {
  const member = { id, namespace: record.namespace, aliases: hostNames(record, unit) };
  starts.concurrency = STARTS_PER_CPU * (await info()).cpus;
  try {
    const start = async (): Promise<void> => startInNetwork(client, networks, member);
    const told = await starts(async () => times.of(id, start));
    return told ?? (await startTime(client, id));
  } catch (error) {
    if (engineStatus(error) === undefined) throw error;
    return undefined;
  }
}

/** By the engine's clock, unless the container is gone already. */
async function startTime(client: DockerClient, id: string): Promise<number> {
  try {
    const { State } = await client.call("to look at a container", async (docker) =>
      docker.getContainer(id).inspect(),
    );
    return toTime(State.StartedAt) ?? Date.now();
  } catch (error) {
    if (engineStatus(error) === undefined) throw error;
    return Date.now();
  }
}

async function removeUnfinished(client: DockerClient, id: string): Promise<void> {
  try {
    await client.call("to remove a container", async (docker) =>
      docker.getContainer(id).remove({ v: true, force: true }),
    );
  } catch (error) {
    if (engineStatus(error) !== 404 && engineStatus(error) !== 409) throw error;
  }
}
