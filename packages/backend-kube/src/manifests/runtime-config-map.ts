import { isUtf8 } from "node:buffer";
import type { RuntimeBundle } from "@juliarun/core";
import type { V1ConfigMap, V1KeyToPath } from "@kubernetes/client-node";
import { configMapKey } from "./config-map-key.ts";
import { COMPONENT, LABEL, MANAGER } from "./labels.ts";
import { runtimeName } from "./names.ts";

/** The runtime bundle as a ConfigMap, named by its hash: one for all jobs of a namespace, which never changes. */
export function toRuntimeConfigMap(bundle: RuntimeBundle, namespace: string): V1ConfigMap {
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  for (const { path, content } of bundle.files) {
    const bytes = Buffer.from(content);
    if (isUtf8(bytes)) data[configMapKey(path)] = bytes.toString("utf8");
    else binaryData[configMapKey(path)] = bytes.toString("base64");
  }
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: runtimeName(bundle.hash),
      namespace,
      labels: { [LABEL.managedBy]: MANAGER, [LABEL.component]: COMPONENT.runtime },
    },
    immutable: true,
    data,
    ...(Object.keys(binaryData).length === 0 ? {} : { binaryData }),
  };
}

/** The items of a volume that shows the bundle's ConfigMap as the files that it was made from. */
export function runtimeItems({ files }: Pick<RuntimeBundle, "files">): V1KeyToPath[] {
  return files.map(({ path, mode }) => ({ key: configMapKey(path), path, mode }));
}
