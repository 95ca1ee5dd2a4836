import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interruption } from "../interruption.ts";
import { MemoryCli } from "../testing/memory-cli.ts";

describe("jrun ls", () => {
  let cli: MemoryCli;

  beforeEach(() => {
    cli = new MemoryCli();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  it("prints a table, wide, JSON or names, and filters", async () => {
    await cli.submit("a", [], "--labels", "team=x");
    await cli.submit("b", [{ do: "exit", code: 4 }]);
    await cli.run("wait", "a", "b");
    const { stdout } = await cli.run("ls");
    expect(stdout.split("\n")[0]).toMatch(/^NAME +TYPE +PHASE +WORKERS +AGE +REASON$/);
    expect(stdout).toMatch(/^a +JuliaBatch +succeeded +- +\d+s$/m);
    expect(stdout).toMatch(/^b +JuliaBatch +failed +- +\d+s +ExitCode 4$/m);
    expect((await cli.run("ls", "-o", "wide")).stdout).toContain("MESSAGE");
    expect((await cli.run("ls", "-o", "name")).stdout).toBe("a\nb\n");
    expect((await cli.run("ls", "--phase", "failed", "-o", "name")).stdout).toBe("b\n");
    expect((await cli.run("ls", "-l", "team=x", "-o", "name")).stdout).toBe("a\n");
    expect(JSON.parse((await cli.run("list", "-o", "json")).stdout)).toHaveLength(2);
  });

  it("is quiet on standard output when there is nothing", async () => {
    expect(await cli.run("ls")).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: "No jobs in namespace default.\n",
    });
    expect((await cli.run("ls", "-n", "team")).stderr).toContain("team");
  });

  it("goes on with changes until interrupted", async () => {
    const watch = cli.start("ls", "--watch", "-o", "json");
    await cli.submit("a", [], "--wait");
    await expect.poll(() => watch.io.stdout.text()).toContain('"phase":"succeeded"');
    watch.io.abort.abort(Interruption.bySignal("SIGINT"));
    expect((await watch.result).exitCode).toBe(130);
  });
});
