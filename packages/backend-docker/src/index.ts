export { DockerClient, type CallOptions } from "./client.ts";
export {
  createDockerBackend,
  openDockerParts,
  type DockerBackend,
  type DockerBackendOptions,
  type DockerSite,
} from "./docker-backend.ts";
export {
  resolveDockerHost,
  type DockerHost,
  type DockerHostOptions,
  type DockerTls,
} from "./docker-host.ts";
export { LABEL } from "./labels.ts";
export { SqliteLease, type SqliteLeaseOptions } from "./sqlite-lease.ts";
export { VolumeQuotas } from "./volume-quotas.ts";
