import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interruption } from "./interruption.ts";
import { MemoryCli, program } from "./testing/memory-cli.ts";

const forever = { do: "untilStopped" } as const;

describe("jrun", () => {
  let cli: MemoryCli;

  beforeEach(async () => {
    cli = await MemoryCli.inFolder();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  describe("command lines that cannot be understood", () => {
    it.each([
      [["lss"], "unknown command 'lss'; did you mean ls?"],
      [["ls", "--wach"], "unknown option '--wach'; did you mean --watch?"],
      [["ls", "-o", "tabel"], "Allowed choices are table, wide, json, name"],
      [["ls", "--phase", "runing"], "did you mean running?"],
      [["ls", "--label", "x"], "--label must be like name=value"],
      [["submit", "JuliaBach", "x"], "did you mean JuliaBatch?"],
      [["submit", "JuliaBatch"], "missing required argument 'name'"],
      [
        ["submit", "JuliaBatch", "x"],
        "JuliaBatch needs --start-script <path> and --run-volume <volume>.",
      ],
      [
        ["submit", "JuliaBatch", "x", "a.jl", "juliarun", "--memry", "1Gi"],
        "unknown option '--memry'; did you mean --memory?",
      ],
      [
        ["submit", "JuliaBatch", "x", "a.jl", "juliarun", "--run-volume", "y"],
        "--run-volume is given twice",
      ],
      [["submit", "JuliaBatch", "X!", "/a.jl", "juliarun"], "must start with a lower-case letter"],
      [
        ["submit", "JuliaBatch", "x", "/a.jl", "juliarun", "--memory", "512mb"],
        "did you mean 512Mi?",
      ],
      [["submit", "JuliaBatch", "x", "/a.jl", "juliarn"], "did you mean juliarun?"],
      [["logs", "--tail", "-1"], "--tail must be a whole number"],
      [["logs", "--since", "yesterday"], "--since must be a duration"],
      [["wait"], "missing required argument 'job'"],
      [["wait", "x", "--timeout", "soon"], "--timeout must be a duration"],
      [["scale", "x", "1:2:3:4"], "at most three numbers"],
      [["scale", "x", "5:1"], "is empty"],
    ])("%j end with 2 and say what is wrong", async (args, message) => {
      const { exitCode, stdout, stderr } = await cli.run(...args);
      expect(stderr).toMatch(/^error: /);
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).toBe("");
      expect(exitCode).toBe(2);
    });

    it("shows help on standard output for --help, and as an error without a command", async () => {
      expect(await cli.run("--help")).toMatchObject({
        exitCode: 0,
        stderr: "",
        stdout: expect.stringContaining("Usage: jrun"),
      });
      expect(await cli.run()).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("Usage: jrun"),
      });
      const { stdout } = await cli.run("submit", "JuliaParBatch", "--help");
      expect(stdout).toContain("--nworkers <count>");
      expect(stdout).toContain("Parameters:");
    });

    it("shows where an error came from only when asked", async () => {
      await using debugging = new MemoryCli({ cwd: cli.folder, env: { JRUN_DEBUG: "1" } });
      expect((await debugging.run("status", "nobody")).stderr).toMatch(/^\s+at /m);
    });
  });

  describe("wait", () => {
    it("ends with 0 when all succeeded, 1 when one did not, 3 for an unknown one, 124 when the time is up", async () => {
      await cli.submit("good", []);
      await cli.submit("bad", [{ do: "exit", code: 2 }]);
      await cli.submit("long", [forever]);
      expect(await cli.run("wait", "good")).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("good succeeded"),
      });
      expect((await cli.run("wait", "good", "bad")).exitCode).toBe(1);
      expect((await cli.run("wait", "nobody")).exitCode).toBe(3);
      expect(await cli.run("wait", "long", "--timeout", "0s")).toMatchObject({ exitCode: 124 });
    });
  });

  describe("endpoint", () => {
    it("explains what a job without ports lacks", async () => {
      await cli.submit("a", [forever]);
      expect(await cli.run("endpoint", "a")).toMatchObject({
        exitCode: 7,
        stderr: expect.stringContaining("no ports"),
      });
    });
  });

  it("prints versions", async () => {
    const { stdout } = await cli.run("version", "-o", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      jrun: expect.stringMatching(/^\d/),
      engine: expect.stringContaining("memory"),
    });
  });

  describe.each([
    ["ls", ["ls", "--watch"]],
    ["status", ["status", "long", "--watch"]],
    ["wait", ["wait", "long"]],
    ["logs", ["logs", "long", "-f"]],
    ["logs of all", ["logs", "-f"]],
    [
      "submit --wait",
      ["submit", "JuliaBatch", "other", "/m.jl", "juliarun", ...program([forever]), "--wait"],
    ],
    ["scale --wait", ["scale", "w", "100", "--wait"]],
  ])("%s, interrupted", (_name, args) => {
    it.each([
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const)("by %s ends with %d, without an error", async (signal, exitCode) => {
      await cli.submit("long", [{ do: "print", text: "up" }, forever]);
      await cli.run(
        "submit",
        "JuliaParBatchWorkers",
        "w",
        "/m.jl",
        "juliarun",
        ...program([forever]),
      );
      const running = cli.start(...args);
      await expect.poll(() => cli.world.containers().length).toBeGreaterThan(0);
      running.io.abort.abort(Interruption.bySignal(signal));
      const result = await running.result;
      expect(result.exitCode).toBe(exitCode);
      expect(result.stderr).not.toContain("error:");
    });
  });
});
