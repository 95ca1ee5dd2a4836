import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  defineJobType,
  init,
  jobRequest,
  JULIA_BATCH,
  juliaBatch,
  loadJobTypes,
  type ConfigInput,
} from "./index.ts";

const memory = {
  clustertype: "Memory",
  storage: { hostpath: [{ name: "juliarun", path: "./data" }] },
} satisfies ConfigInput;

const JOB_TYPE = `
import { defineJobType, JULIA_BATCH } from "@juliarun/core";
export const Mine = defineJobType({ ...JULIA_BATCH, name: "Mine", summary: "Mine." });
`;

const BACKEND = `
import { createMemoryBackend } from "@juliarun/core";
export const create = async ({ namespace }) => createMemoryBackend({ namespace });
`;

describe("init", () => {
  let cwd: string;

  beforeEach(async () => {
    // Inside the repository, so that modules find its packages as a user's do.
    const base = join(import.meta.dirname, "..", "node_modules", ".cache");
    await mkdir(base, { recursive: true });
    cwd = await mkdtemp(join(base, "init-"));
  });
  afterEach(async () => rm(cwd, { recursive: true }));

  it("makes a context that runs jobs, for use and disposal", async () => {
    await using ctx = await init({ config: memory, cwd, env: {} });
    await ctx.submit(juliaBatch({ name: "hello", startScript: "/main.jl", runVolume: "juliarun" }));
    expect(await ctx.wait("hello")).toMatchObject({ succeeded: true });
    expect(ctx.volumes["juliarun"]).toMatchObject({ kind: "hostpath", path: join(cwd, "data") });
  });

  it("takes the namespace from the configuration, or as given", async () => {
    await using ctx = await init({
      config: { ...memory, compute: { namespace: "team" } },
      cwd,
      env: {},
    });
    expect(ctx.namespace).toBe("team");
    await using other = await init({ config: memory, namespace: "other", cwd, env: {} });
    expect(other.namespace).toBe("other");
    await expect(
      init({ config: memory, namespace: "Not A Name", cwd, env: {} }),
    ).rejects.toMatchObject({ code: "SPEC_INVALID" });
  });

  it("loads job types and backends from modules of the configuration's folder", async () => {
    await writeFile(join(cwd, "mine.mjs"), JOB_TYPE);
    await writeFile(join(cwd, "backend.mjs"), BACKEND);
    const config = { ...memory, clustertype: "./backend.mjs", jobtypes: ["./mine.mjs"] };
    await writeFile(join(cwd, "config.json"), JSON.stringify(config));
    await using ctx = await init({ cwd, env: {} });
    expect(ctx.jobTypes.map(({ name }) => name)).toContain("Mine");
    expect(await ctx.status()).toBe(true);
    expect((await loadJobTypes({ cwd, env: {} })).map(({ name }) => name)).toContain("Mine");
  });

  it("knows job types that the program gives, also where the configuration names them too", async () => {
    const mine = defineJobType({ ...JULIA_BATCH, name: "Mine", summary: "Mine." });
    await using ctx = await init({ config: memory, jobTypes: [mine, mine], cwd, env: {} });
    const job = jobRequest(mine, { name: "own", startScript: "/a.jl", runVolume: "juliarun" });
    await ctx.submit(job);
    expect(await ctx.wait(job)).toMatchObject({ succeeded: true });
    expect(await ctx.inspect("own")).toMatchObject({ type: "Mine" });
    const twice = init({
      config: memory,
      jobTypes: [JULIA_BATCH, { ...mine }, mine],
      cwd,
      env: {},
    });
    await expect(twice).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("the program defines the job type Mine, which exists"),
    });
  });

  it("says what is wrong with a module that is not there, and with an unknown backend", async () => {
    const missing = init({ config: { ...memory, jobtypes: ["./none.mjs"] }, cwd, env: {} });
    await expect(missing).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("./none.mjs"),
    });
    const unknown = init({ config: { ...memory, clustertype: "Doker" }, cwd, env: {} });
    await expect(unknown).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("did you mean Docker?"),
    });
  });
});
