import { DEFAULT_VOLUME } from "./default-config.ts";

/** What `jrun init` decides. */
export interface InitialConfigOptions {
  /** Reference of the image that jobs get by default. */
  readonly image: string;
  /** Folder of the volume `juliarun`; relative to the configuration file, or absolute. */
  readonly volumePath: string;
  /** Julia in the image; default: `julia`. */
  readonly executable?: string;
  /** Default: Docker. */
  readonly clustertype?: "Docker" | "Kubernetes";
}

/** The commented configuration that `jrun init` writes; it can be read by `parseConfig()`. */
export function renderInitialConfig({
  image,
  volumePath,
  executable = "julia",
  clustertype = "Docker",
}: InitialConfigOptions): string {
  return `// Configuration of JuliaRun. Comments and trailing commas are allowed here.
// \`jrun config validate\` checks it; config.sample.json shows every key.
{
  // Where jobs run: "Docker" or "Kubernetes". Nothing else has to change between the two.
  "clustertype": ${JSON.stringify(clustertype)},

  "compute": {
    // Names, networks and logs of jobs stay inside their namespace.
    "namespace": "default",
    // Docker: what jobs may use of this host, together; all of it when this is left out.
    // "capacity": { "cpu": 4, "memory": "8Gi" },
    // Kubernetes: the cluster that kubectl uses; "kubeconfig" and "context" may name another one. Unused on Docker.
    "auth": { "type": "kubeconfig" },
  },

  // Kubernetes: how ports are reached from outside, "LoadBalancer" or "NodePort". Unused on Docker.
  "externalsvc": "LoadBalancer",

  // Folders and disks by name. A job sees each that it names at /mnt/<name>.
  "storage": {
    "hostpath": [
      // A relative path is meant from the folder of this file. On Kubernetes it is a folder of every node.
      { "name": ${JSON.stringify(DEFAULT_VOLUME)}, "path": ${JSON.stringify(volumePath)}, "readonly": false },
    ],
  },

  // Images by the name that jobs use; a job that names none gets "julia".
  "images": {
    "julia": { "image": ${JSON.stringify(image)}, "executable": ${JSON.stringify(executable)} },
  },
}
`;
}
