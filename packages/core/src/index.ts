export type {
  Accounting,
  MetricPoint,
  MetricQuery,
  MetricRow,
  MetricTime,
} from "./accounting/accounting.ts";
export type * from "./backend/cluster-backend.ts";
export type { Capabilities, Capacity, ClusterInfo, NodeInfo } from "./backend/cluster-info.ts";
export type { Job, JobEvent } from "./backend/job.ts";
export { Actor } from "./engine/actor.ts";
export { matches } from "./engine/job-filter.ts";
export type { ObservedUnit } from "./engine/observed-unit.ts";
export { MAX_WORKERS } from "./engine/scale-job.ts";
export { UnitBackend, type UnitBackendOptions } from "./engine/unit-backend.ts";
export type { UnitClusterParts } from "./engine/unit-cluster.ts";
export type { EngineEvent, UnitEngine, UnitStart } from "./engine/unit-engine.ts";
export { ERROR_TABLE, type ErrorCode, type ErrorEntry } from "./errors/error-table.ts";
export {
  ManagerError,
  isManagerError,
  toManagerError,
  type ManagerErrorOptions,
} from "./errors/manager-error.ts";
export type { ImageSource, JobType, PlanContext, PlanInput } from "./job-types/job-type.ts";
export type { LogBatches, LogEntry, LogQuery, LogStream } from "./logs/log-entry.ts";
export type { Logger } from "./logs/logger.ts";
export * from "./plan/job-environment.ts";
export type * from "./plan/job-plan.ts";
export type { RuntimeBundle } from "./plan/runtime-bundle.ts";
export {
  compareUnits,
  parseUnitName,
  unitName,
  type UnitId,
  type UnitRole,
} from "./plan/unit-id.ts";
export type { VolumeKind, VolumeSource } from "./plan/volume-source.ts";
export { formatCapacity } from "./reconcile/format-capacity.ts";
export {
  reconcile,
  type Reconciliation,
  type ReconcileInput,
  type UnitAction,
} from "./reconcile/reconcile.ts";
export type {
  JobOutcome,
  JobRecord,
  NewJobRecord,
  UnitFinal,
  UnitRecord,
} from "./record/job-record.ts";
export type { Lease } from "./record/lease.ts";
export { updateRecord, type RecordFilter, type RecordStore } from "./record/record-store.ts";
export type { CloudScaler, NodeGroupSize } from "./scaling/cloud-scaler.ts";
export type { JobSpec, PlacedFile } from "./spec/job-spec.ts";
export { derive, type DeriveInput } from "./status/derive.ts";
export {
  isFinal,
  type JobPhase,
  type JobStatus,
  type UnitPhase,
  type UnitStatus,
} from "./status/job-status.ts";
export { REASONS, type ReasonCode } from "./status/reason.ts";
