import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryCli } from "../testing/memory-cli.ts";

const forever = { do: "untilStopped" } as const;

describe("jrun delete", () => {
  let cli: MemoryCli;

  beforeEach(() => {
    cli = new MemoryCli();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  it("wants --force for running jobs, and tells of jobs that are not there", async () => {
    await cli.submit("a", [forever]);
    expect(await cli.run("delete", "a")).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("--force"),
    });
    expect(await cli.run("rm", "a", "--force")).toMatchObject({
      exitCode: 0,
      stdout: "deleted: a\n",
    });
    expect(await cli.run("delete", "a")).toMatchObject({ exitCode: 3 });
    expect(await cli.run("delete", "a", "--ignore-missing")).toMatchObject({
      exitCode: 0,
      stdout: "",
    });
  });

  it("tries all that are named", async () => {
    await cli.submit("a", [], "--wait");
    await cli.submit("b", [], "--wait");
    const { exitCode, stdout, stderr } = await cli.run("delete", "a", "nobody", "b");
    expect([exitCode, stdout]).toEqual([3, "deleted: a\ndeleted: b\n"]);
    expect(stderr).toContain("nobody");
  });
});
