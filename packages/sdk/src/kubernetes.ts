// Apart from the rest, so that who needs none of it does not load a Kubernetes client.
export {
  rightInWords,
  type AppliedObject,
  type MissingRight,
  type StorageObject,
} from "@juliarun/backend-kube";
export { examineKube, type ExamineKubeOptions, type KubeFacts } from "./direct/examine-kube.ts";
export { applyVolumes, planVolumes, type VolumeOptions } from "./direct/apply-volumes.ts";
