import { readFile } from "node:fs/promises";
import { describe, expect, inject, test } from "vitest";
import { ContainerEvents } from "../jrun/container-events.ts";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

const compute = { capacity: { cpu: "100m", memory: "1Gi" } };

const running = async (workspace: Workspace): Promise<number | undefined> => {
  const pid = /process (\d+)/.exec(await workspace.jrun("agent", "--status"))?.[1];
  return pid === undefined ? undefined : Number(pid);
};

describe.skipIf(!inject("docker").available)("the agent", () => {
  test("finishes the queue when all commands have exited, then ends by itself", async () => {
    await using workspace = await Workspace.create({ compute });
    using events = await ContainerEvents.follow(workspace.docker, workspace.namespace);
    for (const name of ["a", "b", "c"]) await workspace.submit(name, "sleep 0.3");
    await events.until("die", 3);
    await expect.poll(async () => running(workspace), { timeout: 15_000 }).toBeUndefined();
    for (const { status } of await workspace.jobs()) expect(status.phase).toBe("succeeded");
  });

  test("is one, holds no secrets of its starter, and can be ended and started again", async () => {
    await using workspace = await Workspace.create({ compute });
    const gate = new Gate(workspace, "go");
    process.env["MY_TOKEN"] = "secret";
    await Promise.all(["a", "b"].map(async (name) => workspace.submit(name, gate.sh)));
    delete process.env["MY_TOKEN"];
    await expect.poll(async () => running(workspace), { timeout: 15_000 }).toBeDefined();
    const pid = await running(workspace);
    const environment = await readFile(`/proc/${pid}/environ`, "utf8");
    expect(environment).not.toContain("MY_TOKEN");
    expect(await workspace.jrun("agent", "--stop")).toBe("the agent has ended\n");
    expect(await running(workspace)).toBeUndefined();
    expect(await workspace.jrun("agent", "--stop")).toBe("no agent runs\n");
    expect(await workspace.jrun("doctor")).toMatch(
      /^warn {2}agent: none runs, with 2 unfinished jobs$/m,
    );
    await gate.open();
    expect(await workspace.run("agent")).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("nothing is left to do"),
    });
    for (const { status } of await workspace.jobs()) expect(status.phase).toBe("succeeded");
  });

  test("is replaced by the next command when it was killed", async () => {
    await using workspace = await Workspace.create({ compute });
    const gate = new Gate(workspace, "go");
    await workspace.submit("a", gate.sh);
    await expect.poll(async () => running(workspace), { timeout: 15_000 }).toBeDefined();
    process.kill(Number(await running(workspace)), "SIGKILL");
    await workspace.submit("b", "echo ran");
    await gate.open();
    expect(await workspace.jrun("wait", "a", "b", "--timeout", "60s")).toContain("b succeeded");
  });
});
