export {
  createDockerBackend,
  openDockerParts,
  type DockerBackend,
  type DockerBackendOptions,
  type DockerSite,
} from "./docker-backend.ts";
export type { DockerHostOptions } from "./docker-host.ts";
export { SqliteLease, type SqliteLeaseOptions } from "./sqlite-lease.ts";
