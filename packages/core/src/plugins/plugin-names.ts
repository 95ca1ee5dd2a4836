import { z } from "zod";
import { nearestName } from "../schema/nearest-name.ts";

/** What can be plugged in. */
export type PluginKind =
  | "backend"
  | "logger"
  | "accounting"
  | "cloudscaler"
  | "scaling"
  | "jobtype";

/** Names of the built-in plugins by kind and id: the short ones, then the manual's. Case does not count. */
export const PLUGIN_NAMES = {
  backend: {
    docker: ["Docker", "JuliaRun.DockerClusters.DockerCluster"],
    kubernetes: ["Kubernetes", "KuberCluster", "JuliaRun.KuberClusters.KuberCluster"],
    memory: ["Memory"],
  },
  logger: {
    native: ["Native", "KuberLogger", "JuliaRun.KuberClusters.KuberLogger"],
    elasticsearch: ["Elasticsearch", "ESLogger", "JuliaRun.KuberClusters.ESLogger"],
  },
  accounting: {
    none: ["NoAccounting", "JuliaRun.KuberClusters.NoAccounting"],
    influxdb: ["InfluxDBAccounting", "JuliaRun.KuberClusters.InfluxDBAccounting"],
    embedded: ["EmbeddedAccounting"],
  },
  cloudscaler: {
    aws: ["AWSScaler", "JuliaRun.KuberClusters.AWSScalers.AWSScaler"],
    azure: ["AzureACSEngineScaler", "JuliaRun.KuberClusters.AzureScalers.AzureACSEngineScaler"],
    gcp: ["GCEScaler", "JuliaRun.KuberClusters.GCEScalers.GCEScaler"],
  },
  scaling: {
    none: ["NoScaling", "JuliaRun.KuberClusters.NoScaling"],
    nodes: ["KuberScaler", "JuliaRun.KuberClusters.KuberScaler"],
  },
  jobtype: {},
} as const satisfies Record<PluginKind, Readonly<Record<string, readonly string[]>>>;

/** A plugin by its name in the configuration: a built-in one, or a module to import. */
export type PluginReference =
  | { readonly type: "built-in"; readonly id: string }
  | { readonly type: "module"; readonly specifier: string };

/** A path, a URL, a scoped package, a file of TypeScript or JavaScript; `npm:name` for any other package. */
const MODULE = /^(?:\.{1,2}\/|\/|@|file:|npm:)|\.[cm]?[jt]s$/;

/** What a name means; undefined for one that is neither built in nor looks like a module. */
export function findPlugin(kind: PluginKind, name: string): PluginReference | undefined {
  const wanted = name.toLowerCase();
  for (const [id, names] of Object.entries<readonly string[]>(PLUGIN_NAMES[kind])) {
    if (id === wanted || names.some((known) => known.toLowerCase() === wanted))
      return { type: "built-in", id };
  }
  return MODULE.test(name) ? { type: "module", specifier: name.replace(/^npm:/, "") } : undefined;
}

/** Short names of a kind's built-in plugins. */
export function shortNames(kind: PluginKind): string[] {
  return Object.values<readonly string[]>(PLUGIN_NAMES[kind]).map((names) => names[0] ?? "");
}

/** The built-in name that was probably meant, long where a long one was given. */
export function suggestPlugin(kind: PluginKind, name: string): string | undefined {
  return nearestName(name, Object.values<readonly string[]>(PLUGIN_NAMES[kind]).flat());
}

/** A plugin's name in the configuration. */
export function pluginNameSchema(kind: PluginKind) {
  return z.string().superRefine((name, context) => {
    if (findPlugin(kind, name)) return;
    const known = shortNames(kind);
    context.addIssue({
      code: "custom",
      message: `must be ${known.length > 0 ? `${known.join(", ")} or ` : ""}a module such as ./file.ts, not ${JSON.stringify(name)}`,
      params: { suggestion: suggestPlugin(kind, name) },
    });
  });
}
