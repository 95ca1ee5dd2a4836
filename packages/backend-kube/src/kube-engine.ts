import {
  ManagerError,
  type Capacity,
  type ClusterInfo,
  type Endpoint,
  type EngineEvent,
  type JobPlan,
  type JobRecord,
  type NewJobRecord,
  type ObservedUnit,
  type RuntimeBundle,
  type UnitAction,
  type UnitEngine,
  type VolumeAccess,
  type VolumeShell,
} from "@juliarun/core";
import type { KubeClient } from "./client.ts";
import { ClusterState } from "./cluster-state.ts";
import { findEndpoint, toProxyUrl } from "./endpoint.ts";
import type { ManifestSetting } from "./manifests/manifest-setting.ts";
import { Nodes } from "./nodes.ts";
import { Placement, type PlacementParts } from "./placement.ts";
import { pullLogins } from "./pull-logins.ts";
import { Refusals } from "./refusals.ts";
import { Trial } from "./trial.ts";
import { measureUsage, type JobUnitUsage } from "./usage.ts";
import { openVolumeShell } from "./volume-shell.ts";

/** An image that cannot be pulled for so long fails its unit. */
const IMAGE_LIMIT_MS = 60_000;

/** What a {@link KubeEngine} is made of. */
export interface KubeEngineOptions {
  readonly client: KubeClient;
  readonly ownerOf: PlacementParts["ownerOf"];
  readonly runtime: RuntimeBundle;
  readonly setting: Omit<ManifestSetting, "owner" | "runtimeBundle">;
  /** 60 s where absent. */
  readonly imageLimitMs?: number;
  /** Called when the engine is closed. */
  readonly onClose?: () => Promise<void>;
}

/** Pods of one namespace as units of jobs. Kubernetes' own controllers start, restart and stop them: see `apply`. */
export class KubeEngine implements UnitEngine {
  readonly #client: KubeClient;
  readonly #state: ClusterState;
  readonly #placement: Placement;
  readonly #trial: Trial;
  readonly #nodes: Nodes;
  readonly #refusals: Refusals;
  readonly #imageLimitMs: number;
  readonly #setting: KubeEngineOptions["setting"];
  readonly #onClose: (() => Promise<void>) | undefined;

  constructor({ client, ownerOf, runtime, setting, imageLimitMs, onClose }: KubeEngineOptions) {
    this.#client = client;
    this.#state = new ClusterState(client);
    this.#placement = new Placement({ client, state: this.#state, runtime, setting, ownerOf });
    this.#trial = new Trial(client, { ...setting, runtimeBundle: runtime });
    this.#nodes = new Nodes(client);
    this.#refusals = new Refusals(client);
    this.#imageLimitMs = imageLimitMs ?? IMAGE_LIMIT_MS;
    this.#setting = setting;
    this.#onClose = onClose;
  }

  /** Milliseconds since the API server last told anything of the jobs' objects; Infinity while nobody follows them. */
  stalenessMs(): number {
    return this.#state.stalenessMs();
  }

  async describe(namespace: string, signal?: AbortSignal): Promise<ClusterInfo> {
    const [version, nodes] = await Promise.all([
      this.#serverVersion(signal),
      this.#nodes.describe(signal),
    ]);
    return {
      kind: "kubernetes",
      version,
      address: this.#client.address,
      namespace,
      nodes,
      capabilities: {
        queueing: true,
        services: true,
        externalEndpoints: true,
        proxy: true,
        usage: await this.#measures(signal),
        gpus: nodes.some(({ capacity }) => capacity.gpus > 0),
        credentials: true,
      },
    };
  }

  async check(signal?: AbortSignal): Promise<void> {
    await this.#serverVersion(signal);
  }

  async nodes(signal?: AbortSignal): Promise<Capacity[]> {
    return this.#nodes.capacities(signal);
  }

  async prepare(plan: JobPlan, _onProgress?: unknown, signal?: AbortSignal): Promise<void> {
    // A password that cannot be read is told before the name is claimed.
    await pullLogins(plan, this.#setting);
    await this.#trial.run(plan, signal);
  }

  async observe(
    _detailed: (unit: ObservedUnit) => boolean,
    signal?: AbortSignal,
  ): Promise<ObservedUnit[]> {
    const now = this.#client.serverNow();
    return this.#state.look(
      { now, imageLimitMs: this.#imageLimitMs },
      async (bare) => this.#refusals.of(bare, now),
      signal,
    );
  }

  async apply(
    record: JobRecord,
    actions: readonly UnitAction[],
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#placement.apply(record, actions, signal);
  }

  async cleanup(record: JobRecord, signal?: AbortSignal): Promise<void> {
    await this.#placement.cleanup(record, signal);
  }

  events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    return this.#state.events(signal);
  }

  async endpoint(record: JobRecord, signal?: AbortSignal): Promise<Endpoint> {
    return findEndpoint(this.#client, record, signal);
  }

  async proxy(record: JobRecord, port: string | undefined): Promise<string> {
    return toProxyUrl(this.#client, record, port);
  }

  async usage(units: readonly ObservedUnit[], signal?: AbortSignal): Promise<JobUnitUsage[]> {
    return measureUsage(this.#client, units, signal);
  }

  async openVolume(
    _namespace: string,
    access: VolumeAccess,
    signal?: AbortSignal,
  ): Promise<VolumeShell> {
    return openVolumeShell(this.#client, access, this.#setting.registries, signal);
  }

  /** Records are in the cluster itself: what removes them removes their jobs. */
  async recover(): Promise<NewJobRecord[]> {
    return [];
  }

  async start(): Promise<never> {
    throw controllersDo();
  }

  async restart(): Promise<never> {
    throw controllersDo();
  }

  async stop(): Promise<never> {
    throw controllersDo();
  }

  async remove(): Promise<never> {
    throw controllersDo();
  }

  async close(): Promise<void> {
    await this.#state.close();
    await this.#onClose?.();
  }

  async #serverVersion(signal?: AbortSignal): Promise<string> {
    // Asked anew: this also tells whether the API server answers.
    const { gitVersion } = await this.#client.get<{ gitVersion: string }>("/version", { signal });
    return gitVersion;
  }

  async #measures(signal?: AbortSignal): Promise<boolean> {
    const { groups } = await this.#client.get<{ groups: { name: string }[] }>("/apis", { signal });
    return groups.some(({ name }) => name === "metrics.k8s.io");
  }
}

function controllersDo(): ManagerError {
  return new ManagerError("INTERNAL", "Kubernetes' controllers start and stop units: see apply.");
}
