import { KubeClient } from "@juliarun/backend-kube";
import { toConfig } from "@juliarun/core";
import { kubeAuth } from "./kube-auth.ts";

/** Calls of the API through connections of their own, kept alive like the manager's: sockets are not what is compared. */
export async function openRawClient(kubeconfig: string, namespace: string): Promise<KubeClient> {
  const auth = { type: "kubeconfig", kubeconfig };
  const config = toConfig({ clustertype: "Kubernetes", compute: { auth } });
  return KubeClient.open(kubeAuth(config), namespace);
}
