import {
  Registries,
  toQuotas,
  UnitBackend,
  type Capacity,
  type Credentials,
  type RuntimeBundle,
  type UnitClusterParts,
} from "@juliarun/core";
import type { AuthInput } from "./auth.ts";
import { KubeClient } from "./client.ts";
import { ConfigMapRecordStore } from "./config-map-record-store.ts";
import { KubeEngine } from "./kube-engine.ts";
import { KubeLease } from "./kube-lease.ts";
import { KuberLogger } from "./kuber-logger.ts";
import type { ManifestSetting } from "./manifests/manifest-setting.ts";
import { KubePodLogs } from "./pod-logs.ts";

/** Which cluster, and what to run on it. */
export interface KubeBackendOptions {
  readonly auth: AuthInput;
  readonly namespace: string;
  /** What is mounted into Julia containers. */
  readonly runtime: RuntimeBundle;
  /** Makes sure that somebody acts after this process has ended; called after every change that needs acting upon. */
  readonly ensureAgent?: (site: KubeSite) => Promise<void>;
  /** Told of what a person should know, such as a record that cannot be read. */
  readonly onWarning?: (message: string) => void;
}

/** Where the processes that act for one namespace meet. */
export interface KubeSite {
  /** Of the API server, without credentials. */
  readonly address: string;
  readonly namespace: string;
}

/** A backend for one namespace of a cluster, and what else is done to that namespace. */
export interface KubeBackend {
  readonly backend: UnitBackend;
  readonly site: KubeSite;
  /** Closed with the backend. */
  readonly client: KubeClient;
}

/**
 * Opens a namespace of the cluster that the configuration names. Nothing is asked of it yet. Closing the backend closes everything.
 * @throws ManagerError CONFIG_INVALID for what the configuration lacks.
 */
export async function createKubeBackend(options: KubeBackendOptions): Promise<KubeBackend> {
  const { namespace } = options;
  const client = await KubeClient.open(options.auth, namespace);
  const site = { address: client.address, namespace };
  const backend = new UnitBackend({ ...openKubeParts(client, options), namespace });
  return { backend, site, client };
}

/** What {@link openKubeParts} needs besides a connection. */
export interface KubePartsOptions extends Pick<KubeBackendOptions, "runtime" | "ensureAgent"> {
  readonly auth: Pick<AuthInput, "config" | "secrets">;
  readonly onWarning?: (message: string) => void;
  /** How long an image may fail to be pulled before its unit has failed; 60 s where absent. */
  readonly imageLimitMs?: number;
  /** What a job may ask for at most; the nodes' sizes where absent. */
  readonly capacity?: Capacity;
}

/** The parts that {@link createKubeBackend} composes, for the client's namespace; closing the engine closes the client. */
export function openKubeParts(client: KubeClient, options: KubePartsOptions): UnitClusterParts {
  const { runtime, ensureAgent, onWarning, imageLimitMs, capacity } = options;
  const store = new ConfigMapRecordStore({ client, ...(onWarning ? { onWarning } : {}) });
  const lease = new KubeLease({ client });
  const engine = new KubeEngine({
    client,
    ownerOf: async (record) => store.owner(record),
    runtime,
    setting: settingOf(options.auth),
    ...(imageLimitMs === undefined ? {} : { imageLimitMs }),
    onClose: async () => {
      await lease.close();
      await store.close();
      client.close();
    },
  });
  const { address, namespace } = client;
  return {
    store,
    lease,
    engine,
    logger: new KuberLogger(new KubePodLogs(client), store),
    quotas: toQuotas(options.auth.config.quotas),
    ...(capacity ? { capacity } : {}),
    ...(ensureAgent ? { ensureAgent: async () => ensureAgent({ address, namespace }) } : {}),
    open: async (credentials: Credentials | undefined, other: string) => {
      const connection = client.with({ credentials, namespace: other });
      // Whoever has other rights must not be served by an agent with ours.
      const own = { runtime, auth: options.auth, ...(onWarning ? { onWarning } : {}) };
      const same = credentials === undefined || credentials.type === "none";
      return openKubeParts(connection, same ? options : own);
    },
  };
}

function settingOf({
  config,
  secrets,
}: KubePartsOptions["auth"]): Omit<ManifestSetting, "owner" | "runtimeBundle"> {
  const registries = new Registries(config.registries, secrets);
  return { externalService: config.externalsvc, registries };
}
