import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryCli, program } from "../testing/memory-cli.ts";

const forever = { do: "untilStopped" } as const;

describe("jrun scale", () => {
  let cli: MemoryCli;

  beforeEach(() => {
    cli = new MemoryCli();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  const workers = [
    "submit",
    "JuliaParBatchWorkers",
    "w",
    "/main.jl",
    "juliarun",
    ...program([forever]),
  ];

  it("shows, asks, waits, and goes in steps", async () => {
    await cli.run(...workers, "--nworkers", "1");
    expect((await cli.run("scale", "w", "2", "--wait")).stdout).toBe("w: 2 running, 2 requested\n");
    expect(JSON.parse((await cli.run("scale", "w", "-o", "json")).stdout)).toEqual({
      running: 2,
      requested: 2,
    });
    const steps = await cli.run("scale", "w", "1:2:5");
    expect(steps).toMatchObject({ exitCode: 0, stdout: "w: 5 running, 5 requested\n" });
    expect(steps.stderr).toContain("step 2 of 3");
    expect(await cli.run("scale", "w", "--", "-1")).toMatchObject({ exitCode: 2 });
    expect(await cli.run("scale", "nobody", "1")).toMatchObject({ exitCode: 3 });
  });
});
