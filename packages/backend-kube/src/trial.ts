import { createHash } from "node:crypto";
import {
  ENV,
  isManagerError,
  ManagerError,
  type JobPlan,
  type JobRecord,
  type PlacedFile,
  type UnitGroup,
} from "@juliarun/core";
import {
  type V1PersistentVolumeClaim,
  type V1Pod,
  type V1ResourceQuota,
  type V1Secret,
} from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import type { ManifestSetting } from "./manifests/manifest-setting.ts";
import { isStorageSource, volumeClaimName } from "./manifests/persistent-volume.ts";
import { toTrialPod } from "./manifests/pod.ts";
import { pullSecrets } from "./pull-logins.ts";
import { quotaExcess } from "./quota-excess.ts";

/** A pod that was accepted is not tried again for so long. */
const FRESH_MS = 60_000;
const REMEMBERED = 256;

/** What a pod needs besides the plan. */
export type TrialSetting = Omit<ManifestSetting, "owner">;

/**
 * Asks the API server, before a name is claimed, whether it would take the pods of a job: Pod Security, quotas, limits and
 * webhooks refuse pods, not the controllers that would make them.
 */
export class Trial {
  readonly #client: KubeClient;
  readonly #setting: TrialSetting;
  readonly #accepted = new Map<string, number>();

  constructor(client: KubeClient, setting: TrialSetting) {
    this.#client = client;
    this.#setting = setting;
  }

  /**
   * A quota that is used up only makes a job wait; one that is smaller than a pod refuses it.
   * @throws ManagerError SPEC_INVALID, QUOTA_EXCEEDED, VOLUME_NOT_FOUND, FORBIDDEN, CONFIG_INVALID for a
   * pull secret that is not there.
   */
  async run(plan: JobPlan, signal?: AbortSignal): Promise<void> {
    await Promise.all([
      this.#checkClaims(plan, signal),
      this.#checkPullSecrets(plan, signal),
      ...plan.groups.map(async (group) => this.#try(plan, group, signal)),
    ]);
  }

  async #try(plan: JobPlan, group: UnitGroup, signal?: AbortSignal): Promise<void> {
    const { namespace } = this.#client;
    const record = trialRecord(plan, namespace);
    const setting = { ...this.#setting, owner: { name: "trial", uid: "trial" } };
    const pod = toTrialPod({ record, group: withoutName(group), replicas: 1, setting });
    const key = createHash("sha256").update(JSON.stringify(pod)).digest("base64");
    if (performance.now() - (this.#accepted.get(key) ?? -Infinity) < FRESH_MS) return;
    try {
      const query = { dryRun: "All" };
      await this.#client.create(this.#client.path("pods"), pod, { query, signal });
    } catch (error) {
      if (!isManagerError(error, "QUOTA_EXCEEDED")) throw error;
      await this.#refuseTooLarge(pod, group, error, signal);
      return;
    }
    if (this.#accepted.size >= REMEMBERED) this.#accepted.clear();
    this.#accepted.set(key, performance.now());
  }

  async #refuseTooLarge(
    pod: V1Pod,
    { role }: UnitGroup,
    refusal: ManagerError,
    signal?: AbortSignal,
  ): Promise<void> {
    const { items } = await this.#client.get<{ items: V1ResourceQuota[] }>(
      this.#client.path("resourcequotas"),
      { signal },
    );
    const excess = quotaExcess(pod, items);
    if (!excess) return;
    const { quota, resource, wanted, allowed } = excess;
    throw new ManagerError(
      "QUOTA_EXCEEDED",
      `A ${role} asks for ${resource} ${wanted}; the quota ${quota} of namespace ${this.#client.namespace} allows ${allowed} in all.`,
      { cause: refusal, details: { quota, resource } },
    );
  }

  /** The kubelet would only say that the image cannot be pulled. */
  async #checkPullSecrets(plan: JobPlan, signal?: AbortSignal): Promise<void> {
    const { namespace } = this.#client;
    await Promise.all(
      [...pullSecrets(plan, this.#setting)].map(async ([registry, name]) => {
        const path = this.#client.path("secrets", name);
        const secret = await this.#client.find<V1Secret>(path, { signal });
        if (secret && PULL_SECRET_TYPES.has(secret.type ?? "")) return;
        const problem = secret
          ? `The Secret ${name} in namespace ${namespace} is of type ${secret.type}, which holds no credentials of registries`
          : `There is no Secret ${name} in namespace ${namespace}`;
        throw new ManagerError(
          "CONFIG_INVALID",
          `${problem}: registries.${registry}.secret names it.`,
          {
            hint: `Make it with \`kubectl create secret docker-registry ${name} --docker-server=${registry} …\`, or correct its name.`,
            details: { registry, secret: name, namespace },
          },
        );
      }),
    );
  }

  async #checkClaims(plan: JobPlan, signal?: AbortSignal): Promise<void> {
    await Promise.all(
      Object.entries(plan.volumes)
        .filter(([, source]) => isStorageSource(source))
        .map(async ([volume, { kind }]) => {
          const path = this.#client.path("persistentvolumeclaims", volumeClaimName(volume));
          if (await this.#client.find<V1PersistentVolumeClaim>(path, { signal })) return;
          throw new ManagerError(
            "VOLUME_NOT_FOUND",
            `Volume ${volume} (${kind}) has no PersistentVolumeClaim ${volumeClaimName(volume)} in namespace ${this.#client.namespace}.`,
            { hint: `Have an administrator run \`jrun storage apply ${volume}\`.` },
          );
        }),
    );
  }
}

const PULL_SECRET_TYPES: ReadonlySet<string> = new Set([
  "kubernetes.io/dockerconfigjson",
  "kubernetes.io/dockercfg",
]);

/** The same for every job of that plan, so that one trial serves all. */
function trialRecord(plan: JobPlan, namespace: string): JobRecord {
  return {
    namespace,
    name: "trial",
    uid: "trial",
    version: "",
    createdAt: 0,
    spec: { type: "trial", name: "trial", parameters: {}, files: placedFiles(plan) },
    hash: "",
    plan,
    requestedWorkers: 0,
    units: {},
    secrets: {},
  };
}

/** The job's name is in the environment too. */
function withoutName(group: UnitGroup): UnitGroup {
  const { env } = group.container;
  const own = [ENV.name, ENV.dir].filter((name) => env[name] !== undefined);
  const trial = Object.fromEntries(own.map((name) => [name, "trial"]));
  return { ...group, container: { ...group.container, env: { ...env, ...trial } } };
}

function placedFiles({ groups }: JobPlan): PlacedFile[] {
  const files = groups.flatMap(({ container }) => container.files);
  return [...new Map(files.map((file) => [file.name, { ...file, contentBase64: "" }])).values()];
}
