export { createKubeBackend } from "./kube-backend.ts";
