export type {
  Accounting,
  MetricPoint,
  MetricQuery,
  MetricRow,
  MetricTime,
} from "./accounting/accounting.ts";
export { NoAccounting } from "./accounting/no-accounting.ts";
export type * from "./backend/cluster-backend.ts";
export type { Capabilities, Capacity, ClusterInfo, NodeInfo } from "./backend/cluster-info.ts";
export type { Job, JobEvent } from "./backend/job.ts";
export type {
  VolumeAccess,
  VolumeImage,
  VolumeRun,
  VolumeRunEnd,
  VolumeShell,
} from "./backend/volume-shell.ts";
export { checkConfig, toConfig, type CheckedConfig } from "./config/check-config.ts";
export { configJsonSchema } from "./config/config-json-schema.ts";
export { configSchema, type Config, type ConfigInput } from "./config/config-schema.ts";
export { DEFAULT_VOLUME, defaultConfig } from "./config/default-config.ts";
export { renderInitialConfig, type InitialConfigOptions } from "./config/initial-config.ts";
export { parseConfig, type ParseConfigOptions } from "./config/parse-config.ts";
export { planContext, type PlanContextOptions } from "./config/plan-context.ts";
export { toQuotas } from "./config/quota-schema.ts";
export { Registries, type RegistryLogin } from "./config/registries.ts";
export type { RegistrySource } from "./config/registry-schema.ts";
export { printConfig } from "./config/print-config.ts";
export { resolveSecret, SecretText, type SecretRef, type SecretSource } from "./config/secret.ts";
export { volumeSources } from "./config/volume-sources.ts";
export { Context } from "./context/context.ts";
export type * from "./context/context-options.ts";
export type { ContextParts, JobTypeSource } from "./context/context-parts.ts";
export { formatMetrics } from "./context/format-metrics.ts";
export { jobName, type JobRef } from "./context/job-ref.ts";
export {
  parseScaleTarget,
  scaleSteps,
  type ScaleRange,
  type ScaleTarget,
} from "./context/scale-range.ts";
export type { JobScale, ScaleOptions, ScaleStep } from "./context/scale-stepwise.ts";
export { lineBytes } from "./context/write-log.ts";
export { archivePath, staysInside } from "./copy/archive-name.ts";
export { bytesOf, showBytes, toByteText, type ByteText } from "./copy/byte-text.ts";
export {
  checkScript,
  COMMIT_EXIT,
  commitScript,
  type CommitEntry,
  type CommitFile,
  type CommitFolder,
  type CommitLink,
} from "./copy/commit-script.ts";
export { parseCopyPlace, type CopyPath, type CopyPlace } from "./copy/copy-place.ts";
export { blocked, copyTarget, type CopyTargetInput, type PathKind } from "./copy/copy-target.ts";
export { copyableSource, type OpenVolumeOptions } from "./copy/open-volume.ts";
export { runProgram, runScript, type ProgramResult } from "./copy/run-program.ts";
export {
  archiveScript,
  keepCommand,
  lookScript,
  pathOnVolume,
  SCRIPT_COMMAND,
  stagingPath,
  unpackCommand,
} from "./copy/volume-scripts.ts";
export { Actor } from "./engine/actor.ts";
export { matches } from "./engine/job-filter.ts";
export { Bell } from "./engine/bell.ts";
export { EventQueue } from "./engine/event-queue.ts";
export type { ObservedUnit } from "./engine/observed-unit.ts";
export { UnitBackend, type UnitBackendOptions } from "./engine/unit-backend.ts";
export type { UnitClusterParts } from "./engine/unit-cluster.ts";
export type { EndedOf, EngineEvent, UnitEngine, UnitStart } from "./engine/unit-engine.ts";
export { ERROR_TABLE, type ErrorCode, type ErrorEntry } from "./errors/error-table.ts";
export {
  ManagerError,
  isManagerError,
  toManagerError,
  type ManagerErrorOptions,
} from "./errors/manager-error.ts";
export { SpecIssues } from "./errors/spec-issues.ts";
export {
  generic,
  juliaBatch,
  juliaParBatch,
  juliaParBatchWorkers,
  messageQ,
  pkgBuilder,
  webserver,
} from "./job-types/constructors.ts";
export { assertJobType, defineJobType, RESERVED_PARAMETERS } from "./job-types/define-job-type.ts";
export {
  describeParameters,
  type ParameterInfo,
  type ParameterKind,
} from "./job-types/describe-parameters.ts";
export type {
  ContainerJobOptions,
  GenericOptions,
  JuliaBatchOptions,
  JuliaJobOptions,
  JuliaParBatchOptions,
  JuliaParBatchWorkersOptions,
  JuliaScriptOptions,
  PkgBuilderOptions,
  MessageQOptions,
  PortOptions,
  WebserverOptions,
} from "./job-types/job-options.ts";
export type { JobRequest } from "./job-types/job-request.ts";
export { jobRequest, type JobRequestOptions } from "./job-types/make-job-request.ts";
export { BUILT_IN_JOB_TYPES, JobTypeRegistry } from "./job-types/job-type-registry.ts";
export type { ImageSource, JobType, PlanContext, PlanInput } from "./job-types/job-type.ts";
export { GENERIC } from "./job-types/generic.ts";
export { JULIA_BATCH } from "./job-types/julia-batch.ts";
export { JULIA_PAR_BATCH_WORKERS } from "./job-types/julia-par-batch-workers.ts";
export { JULIA_PAR_BATCH } from "./job-types/julia-par-batch.ts";
export { PKG_BUILDER } from "./job-types/pkg-builder.ts";
export { MESSAGE_Q } from "./job-types/message-q.ts";
export { WEBSERVER } from "./job-types/webserver.ts";
export * as parameters from "./job-types/parameters.ts";
export {
  DoubleFilter,
  OrdinalCounter,
  cursorPrefix,
  decodeCursor,
  encodeCursor,
  encodeCursorOf,
  type LogPlace,
  type LogPosition,
  type LogSource,
} from "./logs/cursor.ts";
export { Handover } from "./logs/handover.ts";
export type { LogBatches, LogEntry, LogQuery, LogStream } from "./logs/log-entry.ts";
export { LogProgress, type LogPlaces } from "./logs/log-progress.ts";
export { LogScope, type LogContainers } from "./logs/log-scope.ts";
export type { Logger } from "./logs/logger.ts";
export { lastEntries, mergeByTime, type MergeSource, type Timed } from "./logs/merge.ts";
export { collectLog, mergedLog } from "./logs/merged-log.ts";
export { orderStreams, type StreamDisorder } from "./logs/stream-order.ts";
export {
  createMemoryBackend,
  memoryParts,
  type MemoryBackendOptions,
} from "./memory/memory-backend.ts";
export { MemoryRecordStore } from "./memory/memory-record-store.ts";
export { MemoryWorld, type MemoryWorldOptions } from "./memory/memory-world.ts";
export { programArgument, type Program, type ProgramStep } from "./memory/program.ts";
export {
  ContainerJob,
  type ContainerGroup,
  type ContainerParameters,
  type ImageDefaults,
} from "./plan/container-job.ts";
export {
  DOCKER_HUB,
  registryOf,
  splitReference,
  type ImageReference,
} from "./plan/image-reference.ts";
export * from "./plan/job-environment.ts";
export type * from "./plan/job-plan.ts";
export {
  JuliaJob,
  type JuliaGroup,
  type JuliaJobSetting,
  type JuliaParameters,
} from "./plan/julia-job.ts";
export { makePlan } from "./plan/make-plan.ts";
export { resolveImage } from "./plan/resolve-image.ts";
export { graceSecondsOf, isService, mayOverlap, revisionOf } from "./plan/service-plan.ts";
export { toResources } from "./plan/resources.ts";
export type { RuntimeBundle } from "./plan/runtime-bundle.ts";
export {
  compareUnits,
  parseUnitName,
  unitName,
  type UnitId,
  type UnitRole,
} from "./plan/unit-id.ts";
export { unitEnvironment } from "./plan/unit-environment.ts";
export {
  cloneFailure,
  GIT_REPOSITORY,
  gitClone,
  gitImage,
  type GitClone,
  type GitPlace,
  type GitSource,
} from "./plan/git-clone.ts";
export {
  isReadOnly,
  mountedSources,
  volumeMounts,
  volumePath,
  type VolumeChoice,
} from "./plan/volume-mounts.ts";
export type { VolumeKind, VolumeSource } from "./plan/volume-source.ts";
export {
  findPlugin,
  PLUGIN_NAMES,
  type PluginKind,
  type PluginReference,
} from "./plugins/plugin-names.ts";
export {
  PluginRegistry,
  type ImportModule,
  type PluginFactories,
  type PluginInput,
  type PluginLoader,
} from "./plugins/plugin-registry.ts";
export { cpuSchema, formatCpu, parseCpu } from "./quantity/cpu.ts";
export { durationSchema, formatDuration, parseDuration } from "./quantity/duration.ts";
export { formatMemory, memorySchema, parseMemory } from "./quantity/memory.ts";
export { formatCapacity } from "./reconcile/format-capacity.ts";
export {
  reconcile,
  type Reconciliation,
  type ReconcileInput,
  type UnitAction,
} from "./reconcile/reconcile.ts";
export type { Quota } from "./reconcile/quota.ts";
export { hostPorts } from "./reconcile/taken-port.ts";
export type {
  JobOutcome,
  JobRecord,
  NewJobRecord,
  UnitFinal,
  UnitRecord,
} from "./record/job-record.ts";
export type { Lease } from "./record/lease.ts";
export {
  updateRecord,
  type RecordFilter,
  type RecordStore,
  type RefuseRecord,
} from "./record/record-store.ts";
export type { CloudScaler, NodeGroupSize } from "./scaling/cloud-scaler.ts";
export { NoScaling } from "./scaling/no-scaling.ts";
export { formatIssue, type InputIssue } from "./schema/input-issue.ts";
export { nearestName } from "./schema/nearest-name.ts";
export { MAX_JOB_NAME_LENGTH, jobNameSchema, toJobName } from "./spec/job-name.ts";
export type { JobSpec, PlacedFile } from "./spec/job-spec.ts";
export { makeSpec, type SpecInput } from "./spec/make-spec.ts";
export { MAX_WORKERS } from "./spec/max-workers.ts";
export { namespaceNameSchema } from "./spec/namespace-name.ts";
export { toCamelCase, toKebabCase, toSnakeCase } from "./spec/normalise-keys.ts";
export { MAX_PLACED_BYTES, placedFile } from "./spec/placed-files.ts";
export { formatPorts, parsePorts, toServicePorts, type Ports } from "./spec/ports.ts";
export { specHash } from "./spec/spec-hash.ts";
export { derive, type DeriveInput } from "./status/derive.ts";
export {
  isFinal,
  type JobPhase,
  type JobStatus,
  type UnitPhase,
  type UnitStatus,
} from "./status/job-status.ts";
export { REASONS, type ReasonCode } from "./status/reason.ts";
