import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defaultConfig } from "../config/default-config.ts";
import { defineJobType } from "../job-types/define-job-type.ts";
import { PluginRegistry } from "./plugin-registry.ts";

const type = defineJobType({
  name: "Mine",
  summary: "For tests.",
  schema: z.strictObject({}),
  positional: [],
  plan: () => {
    throw new Error("not planned here");
  },
});

const MODULES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "./mine.ts": { MINE: type, default: type, other: 5 },
  "./bad.ts": { MINE: { ...type, name: "no name" } },
  "./empty.ts": {},
  "@acme/slurm": { create: () => Promise.resolve("a backend") },
};

function registry(imported: string[] = []): PluginRegistry {
  return new PluginRegistry((specifier) => {
    imported.push(specifier);
    const module = MODULES[specifier];
    return module ? Promise.resolve(module) : Promise.reject(new Error(`no module ${specifier}`));
  });
}

const input = {
  config: defaultConfig(),
  namespace: "default",
  baseDir: "/",
  secrets: { readFile: () => Promise.reject(new Error("none")), env: () => undefined },
  env: {},
};
const invalid = (message: string) =>
  expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining(message) });

describe("PluginRegistry", () => {
  it("loads built-in plugins by any of their names, and only when used", async () => {
    const plugins = registry();
    let loads = 0;
    plugins.register("backend", "kubernetes", () => {
      loads += 1;
      return Promise.resolve(() => Promise.reject(new Error("not made here")));
    });
    expect(loads).toBe(0);
    await plugins.load("backend", "Kubernetes");
    await plugins.load("backend", "JuliaRun.KuberClusters.KuberCluster");
    expect(loads).toBe(2);
  });

  it("has the null implementations", async () => {
    const plugins = registry();
    const accounting = await (await plugins.load("accounting", "NoAccounting"))(input);
    expect(accounting.enabled).toBe(false);
    await expect(accounting.record("default", [])).resolves.toBeUndefined();
    await expect(accounting.metrics("default", {})).resolves.toEqual([]);
    const scaling = await (
      await plugins.load("scaling", "JuliaRun.KuberClusters.NoScaling")
    )(input);
    expect(scaling.enabled).toBe(false);
    await expect(scaling.resize(3)).rejects.toMatchObject({ code: "CAPABILITY_UNSUPPORTED" });
  });

  it("imports modules", async () => {
    const imported: string[] = [];
    const plugins = registry(imported);
    await expect((await plugins.load("jobtype", "./mine.ts"))()).resolves.toEqual([type]);
    await expect((await plugins.load("backend", "@acme/slurm"))(input)).resolves.toBe("a backend");
    expect(imported).toEqual(["./mine.ts", "@acme/slurm"]);
  });

  it("says what is wrong with a name or a module", async () => {
    const plugins = registry();
    await expect(plugins.load("backend", "Dokcer")).rejects.toEqual(
      invalid('Unknown backend "Dokcer"; did you mean Docker?'),
    );
    await expect(plugins.load("logger", "Elasticsearch")).rejects.toEqual(
      invalid("is not part of this program"),
    );
    await expect(plugins.load("backend", "./none.ts")).rejects.toEqual(
      invalid("cannot be imported: no module ./none.ts"),
    );
    await expect(plugins.load("backend", "./empty.ts")).rejects.toEqual(
      invalid("exports no function called create"),
    );
    await expect(plugins.load("jobtype", "./empty.ts")).rejects.toEqual(
      invalid("exports no job type"),
    );
    await expect(plugins.load("jobtype", "./bad.ts")).rejects.toEqual(
      invalid("MINE of ./bad.ts is not a job type"),
    );
  });
});
