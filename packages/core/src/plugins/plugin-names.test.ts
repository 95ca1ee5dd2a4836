import { describe, expect, it } from "vitest";
import { findPlugin, PLUGIN_NAMES, type PluginKind, suggestPlugin } from "./plugin-names.ts";

describe("findPlugin", () => {
  it.each<[PluginKind, string, string]>([
    ["backend", "Docker", "docker"],
    ["backend", "docker", "docker"],
    ["backend", "KuberCluster", "kubernetes"],
    ["backend", "JuliaRun.KuberClusters.KuberCluster", "kubernetes"],
    ["logger", "JuliaRun.KuberClusters.KuberLogger", "native"],
    ["logger", "ESLogger", "elasticsearch"],
    ["accounting", "JuliaRun.KuberClusters.NoAccounting", "none"],
    ["accounting", "JuliaRun.KuberClusters.InfluxDBAccounting", "influxdb"],
    ["scaling", "JuliaRun.KuberClusters.KuberScaler", "nodes"],
    ["cloudscaler", "JuliaRun.KuberClusters.AzureScalers.AzureACSEngineScaler", "azure"],
    ["cloudscaler", "JuliaRun.KuberClusters.AWSScalers.AWSScaler", "aws"],
  ])("knows the %s %s", (kind, name, id) => {
    expect(findPlugin(kind, name)).toEqual({ type: "built-in", id });
  });

  it.each([
    ["./my-type.ts", "./my-type.ts"],
    ["../x/y.js", "../x/y.js"],
    ["/abs/x.mjs", "/abs/x.mjs"],
    ["@acme/jrun-slurm", "@acme/jrun-slurm"],
    ["file:///x.ts", "file:///x.ts"],
    ["npm:jrun-slurm", "jrun-slurm"],
    ["my-type.ts", "my-type.ts"],
  ])("takes %s for a module", (name, specifier) => {
    expect(findPlugin("jobtype", name)).toEqual({ type: "module", specifier });
  });

  it.each(["", "Slurm", "JuliaRun.Other", "constructor", "NoAccounting"])(
    "does not know the backend %j",
    (name) => {
      expect(findPlugin("backend", name)).toBeUndefined();
    },
  );

  it("has no name twice in a kind", () => {
    for (const ids of Object.values<Readonly<Record<string, readonly string[]>>>(PLUGIN_NAMES)) {
      const names = Object.values(ids).flat();
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("suggests in the length that was given", () => {
    expect(suggestPlugin("backend", "Kubernets")).toBe("Kubernetes");
    expect(suggestPlugin("accounting", "JuliaRun.KuberClusters.InfluxAccounting")).toBe(
      "JuliaRun.KuberClusters.InfluxDBAccounting",
    );
  });
});
