import type {
  Capacity,
  ClusterInfo,
  EndedOf,
  Endpoint,
  EngineEvent,
  JobPlan,
  JobRecord,
  NewJobRecord,
  ObservedUnit,
  Registries,
  RuntimeBundle,
  UnitEngine,
  UnitStart,
  VolumeAccess,
  VolumeShell,
} from "@juliarun/core";
import { hostPorts } from "@juliarun/core";
import pLimit from "p-limit";
import type { DockerClient } from "./client.ts";
import type { DockerHostOptions } from "./docker-host.ts";
import { findEndpoint, toProxyUrl } from "./endpoint.ts";
import { readEngineInfo, type EngineInfo } from "./engine-info.ts";
import { followEvents } from "./events.ts";
import { FolderCheck } from "./folder-check.ts";
import { Gateways } from "./gateway.ts";
import { GatewayDrain } from "./gateway-drain.ts";
import { DEFAULT_GATEWAY_IMAGE, gatewayGroup } from "./gateway-config.ts";
import { prepareClone, removeClones } from "./git-clones.ts";
import { Images, type OnProgress } from "./images.ts";
import { refuseMissingFiles } from "./needed-files.ts";
import { Networks } from "./networks.ts";
import { observeUnits } from "./observe.ts";
import { refuseTakenPorts } from "./port-check.ts";
import { recoverRecords } from "./recover.ts";
import { refuseUnsupported } from "./refuse.ts";
import { RegistryAuth } from "./registry-auth.ts";
import { restartUnit } from "./restart.ts";
import { RuntimeVolume } from "./runtime-volume.ts";
import { StartTimes } from "./start-times.ts";
import { startUnit, type StartParts } from "./start.ts";
import { removeUnit, stopUnit } from "./stop.ts";
import { UsageMeter, type JobUnitUsage } from "./usage.ts";
import { VolumeQuotas } from "./volume-quotas.ts";
import { openVolumeShell } from "./volume-shell.ts";
import { mountedRepositories } from "./volumes.ts";

/** What a {@link DockerEngine} is made of. */
export interface DockerEngineOptions {
  readonly client: DockerClient;
  /** Whose records the jobs are in: a mark on everything that is made. */
  readonly owner: () => string;
  /** For the credentials that `docker login` left. */
  readonly env: DockerHostOptions["env"];
  /** Credentials of registries, before those. */
  readonly registries?: Registries;
  readonly runtime: RuntimeBundle;
  /** What jobs may use; the whole machine, without GPUs, where absent. */
  readonly capacity?: Capacity;
  /** Called when the engine is closed. */
  readonly onClose?: () => Promise<void>;
}

/** Containers of the Docker Engine as units of jobs. */
export class DockerEngine implements UnitEngine {
  readonly sharesHostPorts = true;
  readonly #client: DockerClient;
  readonly #owner: () => string;
  readonly #capacity: Capacity | undefined;
  readonly #images: Images;
  readonly #folders: FolderCheck;
  readonly #networks: Networks;
  readonly #usage: UsageMeter;
  readonly #start: StartParts;
  readonly #drain: GatewayDrain;
  readonly #onClose: (() => Promise<void>) | undefined;
  #info: Promise<EngineInfo> | undefined;

  constructor({ client, owner, env, registries, runtime, capacity, onClose }: DockerEngineOptions) {
    this.#client = client;
    this.#owner = owner;
    this.#capacity = capacity;
    this.#onClose = onClose;
    this.#images = new Images(client, new RegistryAuth(env, registries));
    this.#folders = new FolderCheck(client, client.local);
    this.#networks = new Networks(client, owner);
    this.#usage = new UsageMeter(client);
    this.#drain = new GatewayDrain(client);
    this.#start = {
      gateways: new Gateways({ client, owner, images: this.#images, networks: this.#networks }),
      client,
      owner,
      info: async () => this.info(),
      images: this.#images,
      networks: this.#networks,
      folders: new FolderCheck(client, false),
      runtime: new RuntimeVolume(client, runtime),
      quotas: new VolumeQuotas(client),
      env,
      times: new StartTimes(),
      starts: pLimit(1),
    };
  }

  /** Asked once: none of it changes while an engine runs. */
  async info(signal?: AbortSignal): Promise<EngineInfo> {
    if (!this.#info) {
      const info = readEngineInfo(this.#client, signal);
      this.#info = info;
      info.catch(() => (this.#info = undefined));
    }
    return this.#info;
  }

  async describe(namespace: string, signal?: AbortSignal): Promise<ClusterInfo> {
    // Asked anew: this also tells whether the engine answers.
    const info = await readEngineInfo(this.#client, signal);
    const whole = { cpuMillis: info.cpus * 1000, memoryBytes: info.memoryBytes, gpus: 0 };
    const capacity = this.#capacity ?? whole;
    return {
      kind: "docker",
      version: info.version,
      address: this.#client.address,
      namespace,
      nodes: [
        {
          name: info.machine,
          ready: true,
          capacity,
          allocated: { cpuMillis: 0, memoryBytes: 0, gpus: 0 },
        },
      ],
      capabilities: {
        queueing: true,
        services: true,
        externalEndpoints: true,
        proxy: true,
        usage: true,
        gpus: capacity.gpus > 0,
        credentials: false,
      },
    };
  }

  async prepare(plan: JobPlan, onProgress?: OnProgress, signal?: AbortSignal): Promise<void> {
    refuseUnsupported(plan);
    if (this.#client.local) await refuseMissingFiles(plan);
    const images = new Set(plan.groups.map((group) => group.container.image));
    if (gatewayGroup(plan)) images.add(plan.gatewayImage ?? DEFAULT_GATEWAY_IMAGE);
    await Promise.all(
      [...images].map(async (image) => this.#images.ensure(image, onProgress, signal)),
    );
    for (const repository of mountedRepositories(plan))
      await prepareClone(this.#start, repository, onProgress, signal);
    await this.#folders.check(plan, signal);
    await refuseTakenPorts(this.#client, hostPorts(plan), signal);
  }

  async observe(
    detailed: (unit: ObservedUnit) => boolean,
    signal?: AbortSignal,
    endedOf?: EndedOf,
  ): Promise<ObservedUnit[]> {
    return observeUnits(this.#client, detailed, signal, endedOf);
  }

  async start(request: UnitStart, signal?: AbortSignal): Promise<number | undefined> {
    return startUnit(this.#start, request, signal);
  }

  async restart(unit: ObservedUnit, restartsLeft: number, signal?: AbortSignal): Promise<void> {
    await restartUnit(this.#client, this.#networks, unit, restartsLeft, signal);
  }

  async stop(unit: ObservedUnit, graceSeconds: number, signal?: AbortSignal): Promise<void> {
    await this.#drain.leave(unit);
    await stopUnit(this.#client, unit, graceSeconds, signal);
  }

  async remove(unit: ObservedUnit, signal?: AbortSignal): Promise<void> {
    await removeUnit(this.#client, unit, signal);
    await this.#drain.left(unit);
  }

  /** The gateway and clones, if any: scratch volumes go with their containers, the network is the namespace's. */
  async cleanup(record: JobRecord, signal?: AbortSignal): Promise<void> {
    await this.#start.gateways.remove(record, signal);
    if (mountedRepositories(record.plan).length > 0) await removeClones(this.#client, record);
  }

  async *events(signal: AbortSignal): AsyncGenerator<EngineEvent> {
    for await (const event of followEvents(this.#client, signal)) {
      this.#start.times.note(event);
      yield event;
    }
  }

  async recover(signal?: AbortSignal): Promise<NewJobRecord[]> {
    return recoverRecords(this.#client, this.#owner(), signal);
  }

  async endpoint(record: JobRecord, signal?: AbortSignal): Promise<Endpoint> {
    return findEndpoint(this.#client, record, signal);
  }

  async proxy(record: JobRecord, port: string | undefined, signal?: AbortSignal): Promise<string> {
    return toProxyUrl(record, await this.endpoint(record, signal), port);
  }

  async usage(units: readonly ObservedUnit[], signal?: AbortSignal): Promise<JobUnitUsage[]> {
    return this.#usage.measure(units, signal);
  }

  async openVolume(
    namespace: string,
    access: VolumeAccess,
    signal?: AbortSignal,
  ): Promise<VolumeShell> {
    const parts = {
      client: this.#client,
      owner: this.#owner,
      images: this.#images,
      info: async () => this.info(signal),
    };
    return openVolumeShell(parts, namespace, access, signal);
  }

  async close(): Promise<void> {
    await this.#onClose?.();
  }
}
