import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

const submit = (...args: string[]): string[] => ["submit", "JuliaBatch", ...args];

describe.skipIf(!inject("docker").available)("bad input", () => {
  test("of jobs ends with 2 and names what was meant; nothing is left behind", async () => {
    await using workspace = await Workspace.create({
      config: { packages: [] },
    });
    const lines: (readonly [string[], string | RegExp])[] = [
      [["sumbit"], "did you mean submit?"],
      [["submit", "JuliaPar", "x", "a.jl", "juliarun"], "did you mean"],
      [submit("x", "/a.jl", "juliarun", "--memmory", "1Gi"), "did you mean --memory?"],
      [submit("X", "/a.jl", "juliarun"), "lower-case letter"],
      [submit("x".repeat(46), "/a.jl", "juliarun"), "at most 45 characters"],
      [submit("x", "/a.jl", "juliarum"), "did you mean juliarun?"],
      [submit("x", "/a.jl", "juliarun", "--image", "julai"), "did you mean julia?"],
      [submit("x", "/a.jl", "juliarun", "--pkg-bundle", "pkgdefault"), "pkgdefault"],
      [submit("x", "/a.jl", "juliarun", "--memory", "12 parsecs"), "12 parsecs"],
      [submit("x", "/a.jl", "juliarun", "--cpu", "-1"), "-1"],
      [submit("x", "/a.jl", "juliarun", "--ports", "http:99999"), "99999"],
      [submit("x", "/mnt/other/a.jl", "juliarun"), "/mnt/other"],
      [submit("x", "/a.jl", "juliarun", "--restart", "sometimes"), "on-failure, always, never"],
      [submit("x", "/a.jl", "juliarun", "--envvars", "JRUN_NAME=x"), "JRUN_"],
      [submit("x", "/a.jl", "juliarun", "--after", "nobody"), "there is no job nobody"],
      [submit("x", "/a.jl", "juliarun", "--after", "x"), "names the job itself"],
      [submit("x", "/a.jl", "juliarun", "--max-runtime", "-5"), 'not "-5"'],
      [submit("x", "/a.jl", "juliarun", "--max-runtime", "0"), "at least 1s"],
      [submit("x", "/a.jl", "juliarun", "--ports", "a:1:80,b:2:80"), "service port 80 twice"],
      [submit("x", "/a.jl", "juliarun", "--start-timeout", "-1"), 'not "-1"'],
      [submit("x", "/a.jl", "juliarun", "--keep-after-finish", "-1s"), 'not "-1s"'],
      [
        submit("x", "/a.jl", "juliarun", "--max-restarts", "-1"),
        "max-restarts must be a whole number",
      ],
      [submit("x", "/a.jl", "juliarun", "--gpu", "-1"), "gpu must be a whole number"],
      [submit("x", "/a.jl", "juliarun", "--image", "reg.example/Team/a"), "no image reference"],
    ];
    for (const type of ["Webserver", "MessageQ"]) {
      const line = ["submit", type, "x"];
      lines.push(
        [line, "cfg-file"],
        [[...line, "/mnt/other/x.conf", "juliarun", "--image", "sh"], "/mnt/other"],
        [[...line, "x.conf", "juliarun", "--image", "sh"], "no file /mnt/juliarun/x.conf"],
      );
    }
    for (const [args, message] of lines) {
      const { exitCode, stdout, stderr } = await workspace.run(...args);
      expect([args, exitCode, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toMatch(/^error: /);
      expect(stderr).toMatch(message);
    }
    expect(await workspace.jobs()).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
  });

  test("of jobs that would wait for each other names the circle; nothing changes", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    await workspace.submit("first", gate.sh);
    await workspace.submit("second", "true", "--after", "first");
    const before = await workspace.job("first");
    const line = await workspace.submitLine("first", gate.sh, "--after", "second");
    const { exitCode, stderr } = await workspace.run(...line, "--replace", "--force");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain("in a circle: first after second after first.");
    expect((await workspace.job("first")).uid).toBe(before.uid);
    await gate.open();
    expect(await workspace.jrun("wait", "second")).toContain("second succeeded");
  });

  test("of a GPU where there is none says so; nothing is left", async () => {
    await using workspace = await Workspace.create();
    const { exitCode, stderr } = await workspace.run(
      ...(await workspace.submitLine("x", "true", "--gpu", "1")),
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 5 });
    expect(stderr).toMatch(/A master needs .*1 GPU.*; the largest node has /);
    expect(await workspace.jobs()).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
  });

  test("of the configuration lists every problem with its line", async () => {
    await using workspace = await Workspace.create();
    const text = '{\n  "clustertyp": "Docker",\n  "storage": { "hostpaths": [] }\n}';
    await writeFile(join(workspace.folder, "config.json"), text);
    for (const args of [["config", "validate"], ["ls"]]) {
      const { exitCode, stderr } = await workspace.run(...args);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/config\.json:2:\d+: clustertyp .*did you mean clustertype\?/);
      expect(stderr).toMatch(/config\.json:3:\d+: storage\.hostpaths .*did you mean hostpath\?/);
    }
  });

  test("of a package bundle without its writable twin says what it needs", async () => {
    await using workspace = await Workspace.create();
    const tools = { name: "tools", path: ".", readonly: true };
    const juliarun = { name: "juliarun", path: "." };
    await workspace.configure({ packages: ["tools"], storage: { hostpath: [juliarun, tools] } });
    const line = await workspace.submitLine("x", "true", "--pkg-bundle", "tools");
    const { exitCode, stderr } = await workspace.run(...line);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain("needs a writable volume toolsrw in storage");
    expect(await workspace.containers()).toEqual([]);
  });

  test("a folder that is not there ends with 3, an engine that does not answer with 6", async () => {
    await using workspace = await Workspace.create({
      config: { storage: { hostpath: [{ name: "juliarun", path: "nowhere" }] } },
    });
    const line = ["submit", "JuliaBatch", "x", "/a.jl", "juliarun"];
    expect(await workspace.run(...line)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("nowhere"),
    });
    await using away = await Workspace.create({
      compute: { docker: { host: "unix:///nonexistent/docker.sock" } },
    });
    for (const args of [["status"], ["ls"], ["run", "config.json"]]) {
      const { exitCode, stderr } = await away.run(...args);
      expect([args, exitCode]).toEqual([args, 6]);
      expect(stderr).toMatch(/^error: .*does not answer.*\nhint: /s);
    }
    expect(await away.run("doctor")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^fail {2}engine: /m),
    });
  });
});
