import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryCli } from "../testing/memory-cli.ts";

describe("jrun status", () => {
  let cli: MemoryCli;

  beforeEach(() => {
    cli = new MemoryCli();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  it("shows the cluster, and 6 when it is down", async () => {
    expect(await cli.run("status")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("memory"),
    });
    cli.world.disconnect();
    const down = await cli.run("status", "-o", "json");
    expect(down.exitCode).toBe(6);
    expect(JSON.parse(down.stdout)).toMatchObject({ up: false });
  });

  it("shows a job with its units", async () => {
    await cli.submit("a", [{ do: "exit", code: 5 }], "--wait");
    const { stdout } = await cli.run("status", "a");
    expect(stdout).toMatch(/^Phase: +failed$/m);
    expect(stdout).toMatch(/^master +failed +1 +[\d.]+s +5 +ExitCode 5/m);
    expect(JSON.parse((await cli.run("status", "a", "-o", "json")).stdout)).toMatchObject({
      status: { exitCode: 5 },
    });
    expect(await cli.run("status", "nobody")).toMatchObject({ exitCode: 3, stdout: "" });
  });

  it("watches until the job is finished", async () => {
    await cli.submit("a", [{ do: "sleep", ms: 40 }]);
    const { exitCode, stdout } = await cli.run("status", "a", "--watch", "-o", "json");
    expect(exitCode).toBe(0);
    expect(stdout.trim().split("\n").at(-1)).toContain('"phase":"succeeded"');
  });
});
