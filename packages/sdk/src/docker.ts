// Apart from the rest, so that who needs none of it does not load a Docker client.
export {
  examineDocker,
  type DockerFacts,
  type ExamineDockerOptions,
} from "./direct/examine-docker.ts";
export { findJuliaImage, OFFICIAL_JULIA_IMAGE } from "./direct/find-julia-image.ts";
