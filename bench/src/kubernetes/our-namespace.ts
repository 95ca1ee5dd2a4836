import { createKubeBackend, type KubeClient } from "@juliarun/backend-kube";
import {
  Context,
  JobTypeRegistry,
  NoAccounting,
  planContext,
  toConfig,
  type SubmitResult,
} from "@juliarun/core";
import { loadRuntimeBundle } from "@juliarun/runtime";
import { RunningJobs } from "../running-jobs.ts";
import { benchJob, VOLUME, type BenchJobOptions } from "./bench-job.ts";
import { kubeAuth } from "./kube-auth.ts";

/** Which namespace of which cluster. */
export interface OurNamespaceOptions {
  readonly kubeconfig: string;
  /** What stands for the Julia image. */
  readonly image: string;
  readonly namespace: string;
}

/** A context as `init()` makes it, but without a background agent: this process submits, acts and watches. */
export class OurNamespace {
  readonly context: Context;
  readonly client: KubeClient;
  readonly jobs: RunningJobs;

  private constructor(context: Context, client: KubeClient) {
    this.context = context;
    this.client = client;
    this.jobs = new RunningJobs(context);
  }

  static async open({ kubeconfig, image, namespace }: OurNamespaceOptions): Promise<OurNamespace> {
    const config = toConfig({
      clustertype: "Kubernetes",
      compute: { auth: { type: "kubeconfig", kubeconfig } },
      images: { julia: { image, executable: "sh" } },
      storage: { scratch: [{ name: VOLUME }] },
    });
    const { backend, client } = await createKubeBackend({
      auth: kubeAuth(config),
      namespace,
      runtime: await loadRuntimeBundle(),
    });
    const context = new Context({
      backend,
      jobTypes: new JobTypeRegistry(),
      plans: planContext(config, { baseDir: "/", namespace }),
      accounting: new NoAccounting(),
    });
    const ours = new OurNamespace(context, client);
    await ours.jobs.ready();
    return ours;
  }

  /** Plans and submits. */
  async submit(options: BenchJobOptions): Promise<SubmitResult> {
    const { spec, plan } = benchJob(this.context, options);
    return this.context.backend.submit(spec, plan);
  }

  async close(): Promise<void> {
    try {
      await this.jobs.close();
    } finally {
      await this.context.close();
    }
  }
}
