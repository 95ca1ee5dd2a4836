import type { Accounting } from "../accounting/accounting.ts";
import type { ClusterBackend } from "../backend/cluster-backend.ts";
import type { JobType, PlanContext } from "../job-types/job-type.ts";
import type { Logger } from "../logs/logger.ts";

/** What of a registry of job types a context needs. */
export interface JobTypeSource {
  /** @throws ManagerError SPEC_INVALID that names the known types. */
  get(name: string): JobType;
  list(): readonly JobType[];
}

/** What a {@link Context} is made of; `init()` of `@juliarun/sdk` makes it from a configuration file. */
export interface ContextParts {
  /** Bound to the context's namespace; closed with the context. */
  readonly backend: ClusterBackend;
  readonly jobTypes: JobTypeSource;
  /** What of the configuration plans depend on. */
  readonly plans: Omit<PlanContext, "namespace">;
  readonly accounting: Accounting;
  /** A log store beside the engine; the backend's own logs where absent. */
  readonly logger?: Logger;
  /**
   * Opens the backend of another server (manual: `server` of `authenticate`).
   * Where absent, a context cannot change its server.
   */
  readonly connect?: (server: string, namespace: string) => Promise<ClusterBackend>;
}
