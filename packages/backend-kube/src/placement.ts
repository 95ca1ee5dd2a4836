import { randomBytes } from "node:crypto";
import { ManagerError, type JobRecord, type RuntimeBundle, type UnitAction } from "@juliarun/core";
import type {
  KubernetesObject,
  V1Job,
  V1JobSpec,
  V1Secret,
  V1Service,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import type { ClusterState } from "./cluster-state.ts";
import { groupChanges, stopChanges, type ControllerChange } from "./desired.ts";
import { isAlreadyExists, isNotFound } from "./errors.ts";
import { controllerKind } from "./manifests/controller-kind.ts";
import { toIndexedJob } from "./manifests/indexed-job.ts";
import { ANNOTATION, LABEL, selector } from "./manifests/labels.ts";
import type { ManifestSetting } from "./manifests/manifest-setting.ts";
import type { RecordOwner } from "./manifests/owner-reference.ts";
import { toPullSecret } from "./manifests/pull-secret.ts";
import { toRuntimeConfigMap } from "./manifests/runtime-config-map.ts";
import { toSecret } from "./manifests/secret.ts";
import { toExternalService, toService } from "./manifests/service.ts";
import { surgeAnnotations } from "./manifests/service-pod.ts";
import { toStatefulSet } from "./manifests/stateful-set.ts";
import { pullLogins } from "./pull-logins.ts";
import type { Resource } from "./resources.ts";
import type { SlimController } from "./slim-controller.ts";

/** What making a job's objects needs. */
export interface PlacementParts {
  readonly client: KubeClient;
  readonly state: ClusterState;
  readonly runtime: RuntimeBundle;
  readonly setting: Omit<ManifestSetting, "owner" | "runtimeBundle">;
  /** The ConfigMap of a record; undefined when it is gone. */
  readonly ownerOf: (record: JobRecord) => Promise<RecordOwner | undefined>;
}

/** One step of a JSON patch. */
interface JsonPatch {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly value?: unknown;
}

/** How long a program has to end before it is killed. */
const GRACE_SECONDS = 10;
/** A deletion that has not happened by then is asked for again. */
const DELETE_AGAIN_MS = 15_000;

/** Makes the objects of jobs and changes them. Every call may be repeated. */
export class Placement {
  readonly #parts: PlacementParts;
  readonly #deletedAt = new Map<string, number>();
  #runtime: Promise<void> | undefined;

  constructor(parts: PlacementParts) {
    this.#parts = parts;
  }

  /** See `UnitEngine.apply`. */
  async apply(
    record: JobRecord,
    actions: readonly UnitAction[],
    signal?: AbortSignal,
  ): Promise<void> {
    if (record.deletionRequestedAt !== undefined) return this.#deleteUnits(record, signal);
    const { state } = this.#parts;
    const controllers = state.controllersOf(record.uid);
    if (record.outcome) return this.#carryOut(record, stopChanges(actions, controllers), signal);
    await this.#carryOut(
      record,
      groupChanges(record, actions, controllers, state.podsOf(record.uid)),
      signal,
    );
  }

  /** Removes what is left of a job when its pods are gone. */
  async cleanup(record: JobRecord, signal?: AbortSignal): Promise<void> {
    const query = { labelSelector: selector({ [LABEL.uid]: record.uid }) };
    const { client } = this.#parts;
    this.#deletedAt.delete(record.uid);
    const resources: Resource[] = ["services", "secrets", "jobs", "statefulsets", "pods"];
    await Promise.all(
      resources.map(async (resource) => client.delete(client.path(resource), { query, signal })),
    );
  }

  async #carryOut(
    record: JobRecord,
    changes: readonly ControllerChange[],
    signal?: AbortSignal,
  ): Promise<void> {
    if (changes.length === 0) return;
    const creates = changes.some(({ kind }) => kind === "create" || kind === "update");
    const owner = creates ? await this.#prepare(record, signal) : undefined;
    await Promise.all([
      owner && this.#makeSecret(record, owner, signal),
      ...changes.map(async (change) => {
        if (change.kind === "scale") return this.#scale(change.controller, change.replicas, signal);
        if (change.kind === "settle")
          return this.#settle(change.controller, change.replicas, signal);
        if (change.kind === "end") return this.#end(change.controller, signal);
        if (!owner) return undefined;
        if (change.kind === "update") return this.#update(record, change, owner, signal);
        return this.#create(record, change, owner, signal);
      }),
    ]);
  }

  /** Beside the controller: it is there long before a pod looks for it, and a pod without it does not run. */
  async #makeSecret(record: JobRecord, owner: RecordOwner, signal?: AbortSignal): Promise<void> {
    const secrets = secretsOf(record);
    if (Object.keys(secrets).length === 0) return;
    await this.#make<V1Secret>("secrets", record, toSecret(record, secrets, owner), signal);
  }

  /** What pods mount, and the name that they look for, are there before them: later costs most of a second a pod. */
  async #prepare(record: JobRecord, signal?: AbortSignal): Promise<RecordOwner | undefined> {
    const owner = await this.#parts.ownerOf(record);
    if (!owner) return undefined;
    const { setting } = this.#parts;
    const services = [
      toService(record, { owner }),
      toExternalService(record, { ...setting, owner }),
    ];
    await Promise.all([
      this.#makePullSecret(record, owner, signal),
      usesRuntime(record) ? this.#ensureRuntime(record.namespace, signal) : undefined,
      ...services.map(async (service) =>
        service ? this.#make<V1Service>("services", record, service, signal) : undefined,
      ),
    ]);
    return owner;
  }

  /** Before the pods: the kubelet asks without credentials where it is missing, and is then slow to ask again. */
  async #makePullSecret(
    record: JobRecord,
    owner: RecordOwner,
    signal?: AbortSignal,
  ): Promise<void> {
    // Made before the first controller, perhaps by a process that has a variable which this one lacks.
    if (this.#parts.state.controllersOf(record.uid).length > 0) return;
    const logins = await pullLogins(record.plan, this.#parts.setting);
    if (logins.size === 0) return;
    await this.#make<V1Secret>("secrets", record, toPullSecret(record, logins, owner), signal);
  }

  async #create(
    record: JobRecord,
    { group, replicas }: Extract<ControllerChange, { kind: "create" }>,
    owner: RecordOwner,
    signal?: AbortSignal,
  ): Promise<void> {
    const { setting, runtime, state } = this.#parts;
    const request = {
      record,
      group,
      replicas,
      setting: { ...setting, owner, runtimeBundle: runtime },
    };
    if (controllerKind(group) === "Job") {
      const job = await this.#make<V1Job>("jobs", record, toIndexedJob(request), signal);
      if (job) state.tookJob(job);
    } else {
      const set = toStatefulSet(request);
      const made = await this.#make<V1StatefulSet>("statefulsets", record, set, signal);
      if (made) state.tookStatefulSet(made);
    }
  }

  /** The controller replaces the pods: a template of another revision is all that it needs. */
  async #update(
    record: JobRecord,
    { controller, group, replicas, surge }: Extract<ControllerChange, { kind: "update" }>,
    owner: RecordOwner,
    signal?: AbortSignal,
  ): Promise<void> {
    const { setting, runtime } = this.#parts;
    const request = {
      record,
      group,
      replicas,
      setting: { ...setting, owner, runtimeBundle: runtime },
    };
    const { metadata, spec } = toStatefulSet(request);
    const annotations = surgeAnnotations(metadata, surge);
    await this.#patchSet(
      controller,
      [
        { op: "add", path: "/metadata/annotations", value: annotations },
        { op: "replace", path: "/spec/replicas", value: replicas },
        { op: "replace", path: "/spec/template", value: spec?.template },
      ],
      signal,
    );
  }

  async #settle(controller: SlimController, replicas: number, signal?: AbortSignal): Promise<void> {
    const surge = `/metadata/annotations/${ANNOTATION.surge.replace("/", "~1")}`;
    await this.#patchSet(
      controller,
      [
        { op: "remove", path: surge },
        { op: "replace", path: "/spec/replicas", value: replicas },
      ],
      signal,
    );
  }

  async #patchSet(
    { name }: SlimController,
    patch: readonly JsonPatch[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { client, state } = this.#parts;
    try {
      const path = client.path("statefulsets", name);
      state.tookStatefulSet(await client.patch<V1StatefulSet>(path, patch, "json", { signal }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Undefined when it is there already: another process was quicker, or this one before it was interrupted. */
  async #make<T extends KubernetesObject>(
    resource: Resource,
    record: JobRecord,
    manifest: T,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    const { client } = this.#parts;
    try {
      return await client.create(client.path(resource), manifest, { signal });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const name = manifest.metadata?.name ?? "";
      const existing = await client.find<T>(client.path(resource, name), { signal });
      if (existing && existing.metadata?.labels?.[LABEL.uid] !== record.uid)
        throw inTheWay(record, manifest.kind ?? resource, name, existing);
      return undefined;
    }
  }

  async #scale(controller: SlimController, replicas: number, signal?: AbortSignal): Promise<void> {
    const { client, state } = this.#parts;
    const { kind, name } = controller;
    try {
      if (kind === "StatefulSet") {
        const path = client.path("statefulsets", name);
        const patch = { spec: { replicas } };
        state.tookStatefulSet(await client.patch<V1StatefulSet>(path, patch, "merge", { signal }));
      } else if (replicas > 0) {
        await this.#patchJob(name, { parallelism: replicas, completions: replicas }, signal);
      } else {
        await this.#scaleJobToNone(controller, signal);
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /**
   * A deadline that has passed is the one way to have a Job end, and account for its pods, without losing those that have ended.
   */
  async #end({ name }: SlimController, signal?: AbortSignal): Promise<void> {
    try {
      await this.#patchJob(name, { activeDeadlineSeconds: 1 }, signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /**
   * Of no completions a Job is complete for good, so its first index stays; and the end of that one's pod would count as a failure,
   * unless it is evicted.
   */
  async #scaleJobToNone(
    { name, jobUid, role, completions }: SlimController,
    signal?: AbortSignal,
  ): Promise<void> {
    const { client, state } = this.#parts;
    if (completions > 1) await this.#patchJob(name, { parallelism: 1, completions: 1 }, signal);
    const first = state
      .podsOf(jobUid)
      .filter((pod) => pod.role === role && pod.index === 0 && !pod.deleting && !pod.end);
    for (const pod of first) await evict(client, pod.name, signal);
    await this.#patchJob(name, { parallelism: 0 }, signal);
  }

  async #patchJob(name: string, spec: Partial<V1JobSpec>, signal?: AbortSignal): Promise<void> {
    const { client, state } = this.#parts;
    const path = client.path("jobs", name);
    state.tookJob(await client.patch<V1Job>(path, { spec }, "merge", { signal }));
  }

  async #deleteUnits(record: JobRecord, signal?: AbortSignal): Promise<void> {
    const askedAt = this.#deletedAt.get(record.uid) ?? -Infinity;
    if (performance.now() - askedAt < DELETE_AGAIN_MS) return;
    this.#deletedAt.set(record.uid, performance.now());
    const { client } = this.#parts;
    const query = { labelSelector: selector({ [LABEL.uid]: record.uid }) };
    try {
      await Promise.all([
        client.delete(client.path("jobs"), { query, signal }),
        client.delete(client.path("statefulsets"), { query, signal }),
      ]);
      const graceSeconds = GRACE_SECONDS;
      await client.delete(client.path("pods"), { query, graceSeconds, signal });
    } catch (error) {
      this.#deletedAt.delete(record.uid);
      throw error;
    }
  }

  /** Once in the life of this process: it never changes, and only people remove it. */
  async #ensureRuntime(namespace: string, signal?: AbortSignal): Promise<void> {
    this.#runtime ??= this.#makeRuntime(namespace, signal);
    try {
      await this.#runtime;
    } catch (error) {
      this.#runtime = undefined;
      throw error;
    }
  }

  async #makeRuntime(namespace: string, signal?: AbortSignal): Promise<void> {
    const { client, runtime } = this.#parts;
    const manifest = toRuntimeConfigMap(runtime, namespace);
    const path = client.path("configmaps", manifest.metadata?.name);
    if (await client.find(path, { signal })) return;
    try {
      await client.create(client.path("configmaps"), manifest, { signal });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }
}

/** A pod that is gone is fine. */
async function evict(client: KubeClient, name: string, signal?: AbortSignal): Promise<void> {
  const eviction = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace: client.namespace },
    deleteOptions: { gracePeriodSeconds: GRACE_SECONDS },
  };
  try {
    await client.create(client.path("pods", name, "eviction"), eviction, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function usesRuntime({ plan }: JobRecord): boolean {
  return plan.groups.some(({ container }) => container.runtime);
}

/** Those of the submit; made anew where the process that had them ended before it could store them. */
function secretsOf({ plan, secrets }: JobRecord): Record<string, string> {
  const names = new Set(plan.groups.flatMap(({ container }) => container.secrets));
  return Object.fromEntries(
    [...names].map((name) => [name, secrets[name] ?? randomBytes(8).toString("hex")]),
  );
}

/** Leftovers of an earlier job of that name go by themselves; what is somebody else's stays. */
function inTheWay(
  { name: job, namespace }: JobRecord,
  kind: string,
  name: string,
  existing: KubernetesObject,
): ManagerError {
  const ours = existing.metadata?.labels?.[LABEL.uid] !== undefined;
  if (ours) {
    return new ManagerError(
      "JOB_BEING_DELETED",
      `The ${kind} ${name} of an earlier job ${job} in namespace ${namespace} is still being deleted.`,
      { details: { name: job, namespace } },
    );
  }
  return new ManagerError(
    "JOB_EXISTS",
    `The name ${job} cannot be used in namespace ${namespace}: a ${kind} ${name} which is not JuliaRun's is in the way.`,
    {
      details: { name: job, namespace },
      hint: `Choose another name for the job, or rename the ${kind}.`,
    },
  );
}
