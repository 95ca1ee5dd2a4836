import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

const EXIT_CAPACITY = 5;

describe.skipIf(!inject("docker").available)("a namespace's quota", () => {
  test("is kept by two commands that submit at once, and by one that scales", async () => {
    await using workspace = await Workspace.create();
    const { namespace } = workspace;
    const quotas = { [namespace]: { jobs: 2, cpu: "300m" } };
    await workspace.configure({ quotas });
    const gate = new Gate(workspace, "go");
    await workspace.submit("first", gate.sh);
    const lines = await Promise.all(
      ["second", "third"].map(async (name) => workspace.submitLine(name, gate.sh)),
    );
    const results = await Promise.all(lines.map(async (line) => workspace.run(...line)));
    const refused = results.filter(({ exitCode }) => exitCode !== 0);
    expect(refused).toEqual([expect.objectContaining({ exitCode: EXIT_CAPACITY, stdout: "" })]);
    expect(refused[0]?.stderr).toContain(
      `the quota of namespace ${namespace}: jobs 1; its other jobs have 2, the quota allows 2.`,
    );
    expect(await workspace.jobs()).toHaveLength(2);
    await workspace.jrun("delete", "first", "--force");
    const path = await workspace.file("array.sh", gate.sh);
    const size = ["--image", "sh", "--cpu", "100m", "--memory", "16Mi", "--nworkers", "1"];
    await workspace.jrun("submit", "JuliaParBatchWorkers", "array", path, "juliarun", ...size);
    const scaled = await workspace.run("scale", "array", "3");
    expect(scaled).toMatchObject({ exitCode: EXIT_CAPACITY });
    expect(scaled.stderr).toContain("cpu 300m; its other jobs have 100m, the quota allows 300m.");
    await workspace.jrun("scale", "array", "2", "--wait");
    await gate.open();
  });
});
