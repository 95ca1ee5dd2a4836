import type { Registries, RuntimeBundle } from "@juliarun/core";
import type { RecordOwner } from "./owner-reference.ts";

/** What manifests depend on besides the record. */
export interface ManifestSetting {
  /** The record's ConfigMap, which owns everything of the job. */
  readonly owner: RecordOwner;
  /** The bundle whose ConfigMap is there, see `toRuntimeConfigMap()`; mounted where the plan wants it. */
  readonly runtimeBundle?: RuntimeBundle | undefined;
  /** How external ports are exposed: the configuration's `externalsvc`. */
  readonly externalService: "LoadBalancer" | "NodePort";
  /** Credentials for pulling images. */
  readonly registries?: Registries;
}
