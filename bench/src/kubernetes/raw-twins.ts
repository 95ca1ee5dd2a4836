import { randomUUID } from "node:crypto";
import type { KubeClient } from "@juliarun/backend-kube";
import type { KubernetesObject, V1ConfigMap, V1Job, V1Secret } from "@kubernetes/client-node";
import type { BenchJobOptions } from "./bench-job.ts";
import type { OurNamespace } from "./our-namespace.ts";

/** The objects of one raw job. */
export interface RawTwin {
  readonly configMap: V1ConfigMap;
  readonly secret: V1Secret;
  readonly job: V1Job;
}

const MODEL = "benchmodel";

/**
 * Jobs that are equal to one of the manager's, each with a ConfigMap and a Secret as large as there; but nothing owns them, so
 * that these two need not wait for each other.
 */
export class RawTwins {
  readonly #model: string;
  readonly #uid: string;
  /** What all of them mount. */
  readonly #shared: readonly V1ConfigMap[];

  private constructor(model: RawTwin, uid: string, shared: readonly V1ConfigMap[]) {
    this.#model = JSON.stringify(model);
    this.#uid = uid;
    this.#shared = shared;
  }

  /** Starts one of the manager's jobs as the model of all twins; from then on all caches are filled. */
  static async of(ours: OurNamespace, options: Omit<BenchJobOptions, "name">): Promise<RawTwins> {
    const { client, context, jobs } = ours;
    const started = jobs.until(MODEL, ({ status }) => status.startedAt !== undefined);
    const { uid } = (await ours.submit({ ...options, name: MODEL })).job;
    await started;
    const [configMaps, secrets, controllers] = await Promise.all([
      listOf<V1ConfigMap>(client, "configmaps"),
      listOf<V1Secret>(client, "secrets"),
      listOf<V1Job>(client, "jobs"),
    ]);
    await context.delete(MODEL, { force: true });
    const isOfJob = ({ metadata }: KubernetesObject): boolean =>
      Object.values(metadata?.labels ?? {}).includes(uid);
    const job = controllers.find(isOfJob);
    const [configMap, secret] = [configMaps.find(isOfJob), secrets.find(isOfJob)];
    if (!job || !configMap || !secret) throw new Error(`Job ${MODEL} lacks an object.`);
    const volumes = job.spec?.template.spec?.volumes ?? [];
    const mounted = new Set(volumes.map((volume) => volume.configMap?.name));
    const shared = configMaps.filter((map) => !isOfJob(map) && mounted.has(map.metadata?.name));
    const model = { configMap: bare(configMap), secret: bare(secret), job: bareJob(job) };
    return new RawTwins(model, uid, shared.map(bare));
  }

  /** Makes what all twins mount. */
  async prepare(client: KubeClient): Promise<void> {
    for (const map of this.#shared) await client.create(client.path("configmaps"), map);
  }

  twin(name: string): RawTwin {
    const uid = randomUUID();
    const text = this.#model
      .replaceAll(MODEL, name)
      .replaceAll(this.#uid, uid)
      // Of the names of objects.
      .replaceAll(this.#uid.slice(0, 8), uid.slice(0, 8));
    return JSON.parse(text) as RawTwin;
  }
}

/** Name of the twin's Job. */
export function jobNameOf({ job }: RawTwin): string {
  return job.metadata?.name ?? "";
}

/** As directly as the API allows: what pods mount at once, then the Job. */
export async function createTwin(client: KubeClient, twin: RawTwin): Promise<void> {
  const { configMap, secret, job } = twin;
  await Promise.all([
    client.create(client.path("configmaps"), configMap),
    client.create(client.path("secrets"), secret),
  ]);
  await client.create(client.path("jobs"), job);
}

/** Pods go after their Job. */
export async function deleteTwin(client: KubeClient, twin: RawTwin): Promise<void> {
  const { configMap, secret, job } = twin;
  await Promise.all([
    client.delete(client.path("jobs", job.metadata?.name)),
    client.delete(client.path("configmaps", configMap.metadata?.name)),
    client.delete(client.path("secrets", secret.metadata?.name)),
  ]);
}

async function listOf<T extends KubernetesObject>(
  client: KubeClient,
  resource: "configmaps" | "secrets" | "jobs",
): Promise<T[]> {
  return (await client.get<{ items: T[] }>(client.path(resource))).items;
}

/** Without what a server adds, and without an owner. */
function bare<T extends KubernetesObject>(object: T): T {
  const { name = "", labels = {}, annotations = {} } = object.metadata ?? {};
  return { ...object, metadata: { name, labels, annotations } };
}

function bareJob(job: V1Job): V1Job {
  const copy = structuredClone(job);
  delete copy.status;
  delete copy.spec?.selector;
  const labels = copy.spec?.template.metadata?.labels ?? {};
  for (const key of Object.keys(labels))
    if (/^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/.test(key)) delete labels[key];
  return bare(copy);
}
