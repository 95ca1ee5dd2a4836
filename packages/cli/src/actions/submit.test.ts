import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryCli } from "../testing/memory-cli.ts";

const forever = { do: "untilStopped" } as const;

describe("jrun submit", () => {
  let cli: MemoryCli;

  beforeEach(() => {
    cli = new MemoryCli();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  it("says what was submitted, and gives the name or all for programs", async () => {
    expect(await cli.submit("a", [forever])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^submitted: a is /),
    });
    expect(await cli.submit("b", [forever], "-o", "name")).toMatchObject({ stdout: "b\n" });
    expect(await cli.submit("c", [forever], "-q")).toMatchObject({ stdout: "c\n", stderr: "" });
    expect(JSON.parse((await cli.submit("d", [forever], "-o", "json")).stdout)).toMatchObject({
      name: "d",
      status: { parallelism: 0 },
    });
  });

  it("warns loudly that a finished job of the same parameters was not run again", async () => {
    await cli.submit("a", [{ do: "exit", code: 3 }]);
    await cli.run("wait", "a");
    const again = await cli.submit("a", [{ do: "exit", code: 3 }]);
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toMatch(
      /^warning: NOT RUN AGAIN: a is the OLD job .* \(failed, exit code 3\)$/m,
    );
    expect(again.stderr).toContain("--replace");
    expect(await cli.submit("a", [{ do: "exit", code: 3 }], "--replace")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("submitted: a"),
    });
  });

  it("notes that the same job runs already, and refuses another one of its name", async () => {
    await cli.submit("a", [forever]);
    const again = await cli.submit("a", [forever]);
    expect(again).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("nothing new was started"),
    });
    expect(await cli.submit("a", [forever], "--cpu", "1")).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("--replace"),
    });
    expect(await cli.submit("a", [forever], "--cpu", "1", "--replace")).toMatchObject({
      exitCode: 4,
    });
    expect(await cli.submit("a", [forever], "--cpu", "1", "--replace", "--force")).toMatchObject({
      exitCode: 0,
    });
  });

  it("waits with --wait, and shows output with --follow", async () => {
    expect(await cli.submit("good", [], "--wait")).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("good succeeded"),
    });
    expect(await cli.submit("bad", [{ do: "exit", code: 9 }], "--wait")).toMatchObject({
      exitCode: 1,
    });
    const followed = await cli.submit(
      "loud",
      [
        { do: "print", text: "out" },
        { do: "print", text: "err", stream: "stderr" },
      ],
      "--follow",
    );
    expect(followed).toMatchObject({
      exitCode: 0,
      stdout: "out\n",
      stderr: expect.stringContaining("err\n"),
    });
  });

  it("submits nothing with --dry-run, and plan shows the plan", async () => {
    expect(await cli.submit("a", [], "--dry-run")).toMatchObject({
      exitCode: 0,
      stdout: "a is valid; nothing was submitted\n",
    });
    const args = ["plan", "JuliaParBatch", "p", "/main.jl", "juliarun", "--nworkers", "2"];
    expect((await cli.run(...args)).stdout).toMatch(/^ {2}completion: master$/m);
    expect(JSON.parse((await cli.run(...args, "-o", "json")).stdout)).toMatchObject({
      plan: { groups: [{}, { replicas: 2 }] },
    });
    expect((await cli.run("ls", "-o", "json")).stdout).toBe("[]\n");
  });

  it("says which size never fits", async () => {
    expect(await cli.submit("huge", [], "--cpu", "1000")).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining("1000 CPU"),
    });
  });
});
