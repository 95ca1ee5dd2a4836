export {
  createKubeBackend,
  type KubeBackend,
  type KubeBackendOptions,
  type KubeSite,
} from "./kube-backend.ts";
export type { AuthInput } from "./auth.ts";
export { KubeClient } from "./client.ts";
