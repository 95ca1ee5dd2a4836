export {
  createKubeBackend,
  type KubeBackend,
  type KubeBackendOptions,
  type KubeSite,
} from "./kube-backend.ts";
export type { AuthInput } from "./auth.ts";
export { KubeClient } from "./client.ts";
export { examineCluster, type ClaimState, type ClusterFacts } from "./examine-cluster.ts";
export { toIdentity, type KubeIdentity } from "./identity.ts";
export { rightInWords, type MissingRight } from "./rights.ts";
export { applyStorage, storageObjects, type AppliedObject, type StorageObject } from "./storage.ts";
