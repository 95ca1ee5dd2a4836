import type { V1PodSpec, V1PodStatus } from "@kubernetes/client-node";

const VOLUMES = "/mnt/";

/**
 * Why the kubelet ended a pod for something of the pod's own, such as more on a scratch volume than it may hold, in its words without
 * a full stop; volumes have the names that the user knows. Undefined for any other pod, also one that the node had no room for,
 * which gets a new pod. Pure.
 */
export function evictionOf(
  status: V1PodStatus | undefined,
  spec: V1PodSpec | undefined,
): string | undefined {
  if (status?.reason !== "Evicted") return undefined;
  const names = new Map(
    (spec?.containers ?? [])
      .flatMap(({ volumeMounts = [] }) => volumeMounts)
      .filter(({ mountPath }) => mountPath.startsWith(VOLUMES))
      .map(({ name, mountPath }) => [name, mountPath.slice(VOLUMES.length)]),
  );
  return (status.message ?? "the node gives no reason")
    .trim()
    .replace(/\.$/, "")
    .replaceAll(/"([^"]+)"/g, (_quoted, name: string) => `"${names.get(name) ?? name}"`);
}
