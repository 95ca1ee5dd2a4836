import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryCli, program } from "../testing/memory-cli.ts";

describe("jrun logs", () => {
  let cli: MemoryCli;

  beforeEach(() => {
    cli = new MemoryCli();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  const lines = [
    { do: "print", text: "one" },
    { do: "print", text: "two", stream: "stderr" },
  ] as const;

  it("sends each stream to its own output, or one alone", async () => {
    await cli.submit("a", lines, "--wait");
    expect(await cli.run("logs", "a")).toMatchObject({
      exitCode: 0,
      stdout: "one\n",
      stderr: "two\n",
    });
    expect(await cli.run("logs", "a", "--stream", "stderr")).toMatchObject({
      stdout: "",
      stderr: "two\n",
    });
    expect(await cli.run("logs", "a", "--timestamps", "--stream", "stdout")).toMatchObject({
      stdout: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z one\n$/),
    });
  });

  it("keeps bytes that are no text", async () => {
    await cli.submit("a", [{ do: "write", base64: "//4A" }], "--wait");
    const running = cli.start("logs", "a");
    await running.result;
    expect(running.io.stdout.bytes()).toEqual(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
    expect((await cli.run("logs", "a", "-o", "json")).stdout).toContain('"lineBase64":"//4A"');
  });

  it("tells jobs and units apart", async () => {
    await cli.submit("a", [{ do: "print", text: "x" }], "--wait");
    expect((await cli.run("logs")).stdout).toBe("a/master | x\n");
    await cli.run(
      "submit",
      "JuliaParBatchWorkers",
      "w",
      "/m.jl",
      "juliarun",
      "--nworkers=1",
      ...program([{ do: "print", text: "y" }]),
    );
    await cli.run("wait", "w");
    expect((await cli.run("logs", "w")).stdout).toBe("worker-0 | y\n");
    expect(await cli.run("logs", "a", "--unit", "worker-7")).toMatchObject({ exitCode: 2 });
  });

  it("goes on after a cursor", async () => {
    await cli.submit("a", [{ do: "count", prefix: "n", lines: 5 }], "--wait");
    const entries = (await cli.run("logs", "a", "-o", "json")).stdout
      .trim()
      .split("\n")
      .map((line): { cursor: string } => JSON.parse(line) as { cursor: string });
    expect((await cli.run("logs", "a", "--cursor", entries[2]?.cursor ?? "")).stdout).toBe(
      "n3\nn4\n",
    );
    expect(await cli.run("logs", "a", "--cursor", "nonsense")).toMatchObject({ exitCode: 2 });
    expect((await cli.run("logs", "a", "--tail", "2")).stdout).toBe("n3\nn4\n");
  });

  it("follows until the job is finished", async () => {
    await cli.submit("a", [{ do: "count", prefix: "n", lines: 3, everyMs: 5 }]);
    expect(await cli.run("logs", "a", "-f")).toMatchObject({
      exitCode: 0,
      stdout: "n0\nn1\nn2\n",
    });
  });
});
