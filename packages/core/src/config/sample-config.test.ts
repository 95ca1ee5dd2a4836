import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import type { Config } from "./config-schema.ts";
import { knownKeys } from "../schema/known-keys.ts";
import { configSchema } from "./config-schema.ts";
import { renderInitialConfig } from "./initial-config.ts";
import { parseConfig } from "./parse-config.ts";
import { planContext } from "./plan-context.ts";
import { printConfig } from "./print-config.ts";

const read = (name: string): Promise<string> =>
  readFile(new URL(`../../../../${name}`, import.meta.url), "utf8");

/** Paths of the objects whose keys the sample shows, each with those keys that only make sense without others. */
const SECTIONS: readonly (readonly [path: (string | number)[], absent: readonly string[]])[] = [
  [[], []],
  [["log"], []],
  [["compute"], []],
  [
    ["compute", "auth"],
    ["kubeconfig", "context"],
  ],
  [["compute", "capacity"], []],
  [["compute", "docker"], ["context"]],
  [["storage"], []],
  [["storage", "glusterfs", 0], []],
  [["storage", "glusterfs", 0, "mount", 0], []],
  [["storage", "nfs", 0], []],
  [["storage", "azurefs", 0], []],
  [["storage", "azuredisk", 0], []],
  [["storage", "gitrepo", 0], []],
  [["storage", "gce", 0], ["fs_type"]],
  [["storage", "ebs", 0], []],
  [["storage", "scratch", 0], ["capacity"]],
  [["storage", "hostpath", 0], []],
  [["images", "julia"], []],
  [["quotas", "default"], []],
  [["registries", "registry.example.org:5000"], []],
  [["accounting"], []],
  [["kuberscaler"], []],
  [["kuberscaler", "headroom"], []],
  [["server"], []],
];

describe("config.sample.json", () => {
  let text: string;
  let config: Config;
  beforeAll(async () => {
    text = await read("config.sample.json");
    config = parseConfig(text, { filename: "config.sample.json" });
  });

  it.each(SECTIONS)("shows every key of %j", (path, absent) => {
    const section = path.reduce<unknown>(
      (value, key) => (value as Record<string | number, unknown>)[key],
      config,
    );
    const expected = knownKeys(configSchema, path).filter((key) => !absent.includes(key));
    expect(Object.keys(section as object).toSorted()).toEqual(expected.toSorted());
  });

  it("uses the manual's names of plugins", () => {
    expect(config.clustertype).toBe("JuliaRun.KuberClusters.KuberCluster");
    expect(config.loggertype).toBe("JuliaRun.KuberClusters.KuberLogger");
    expect(config.accountingtype).toBe("JuliaRun.KuberClusters.NoAccounting");
    expect(config.scalingtype).toBe("JuliaRun.KuberClusters.NoScaling");
    expect(config.kuberscaler.cloudscaler).toBe("JuliaRun.KuberClusters.AWSScalers.AWSScaler");
  });

  it("serves Docker when only clustertype is changed", () => {
    const changed = text.replace(
      '"clustertype": "JuliaRun.KuberClusters.KuberCluster"',
      '"clustertype": "Docker"',
    );
    expect(parseConfig(changed)).toEqual({ ...config, clustertype: "Docker" });
  });

  it("has every kind of volume for plans", () => {
    const { volumes, images, packages } = planContext(config, { baseDir: "/base" });
    expect(new Set(Object.values(volumes).map(({ kind }) => kind))).toEqual(
      new Set(Object.keys(config.storage)),
    );
    expect(images["julia"]).toMatchObject({
      executable: "/opt/julia-0.5/bin/julia",
      user: "1000:1000",
    });
    expect(packages).toEqual(["pkgdefault"]);
  });

  it("prints without its secrets", () => {
    const printed = printConfig(config);
    expect(printed).not.toMatch(/YmFzZTY0/);
    expect(printed).toContain('"certificate-authority-data": "(secret)"');
    expect(printed).toContain('"env": "JULIARUN_TOKEN"');
  });
});

describe("renderInitialConfig", () => {
  it("writes what parseConfig reads, whatever the names", () => {
    const path = 'a "strange"\\folder';
    const config = parseConfig(
      renderInitialConfig({ image: "julia:1.11", volumePath: path, executable: "/opt/julia" }),
    );
    expect(config.clustertype).toBe("Docker");
    expect(config.images).toEqual({ julia: { image: "julia:1.11", executable: "/opt/julia" } });
    expect(config.storage.hostpath).toEqual([{ name: "juliarun", path, readonly: false }]);
  });
});
