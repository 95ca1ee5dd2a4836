import { describe, expect, inject, test } from "vitest";
import { ContainerEvents } from "../jrun/container-events.ts";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

describe.skipIf(!inject("docker").available)("a unit's container, touched by hand:", () => {
  test("`docker rm -f` of a task that ran loses its job, and the reason is told", async () => {
    await using workspace = await Workspace.create();
    const victim = await workspace.submitStarted("victim", new Gate(workspace, "never").sh);
    const waiting = workspace.start("wait", "victim");
    await victim.remove({ force: true });
    const { exitCode, stdout } = await waiting.result();
    expect(exitCode).toBe(1);
    expect(stdout).toContain("victim was lost");
    const { status } = await workspace.job("victim");
    expect(status).toMatchObject({ phase: "lost", reason: "Vanished" });
    expect(status.message).toContain("removed from outside");
    await workspace.jrun("delete", "victim");
  });

  test("`docker rm -f` of a worker brings a new one, and the job succeeds", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    const master = await workspace.file("master.sh.txt", gate.sh);
    const worker = await workspace.file("worker.sh.txt", "sleep 300");
    const scripts = ["--start-script", master, "--worker-start-script", worker];
    const flags = ["--run-volume", "juliarun", "--image", "sh", "--nworkers", "2"];
    using events = await ContainerEvents.follow(workspace.docker, workspace.namespace);
    await workspace.jrun("submit", "JuliaParBatch", "par", ...scripts, ...flags);
    await events.until("start", 3);
    await (await workspace.container("par", "worker-1")).remove({ force: true });
    await events.until("start", 4);
    const { status } = await workspace.job("par");
    expect(status).toMatchObject({ phase: "running", nworkersRunning: 2 });
    expect(status.units.map(({ name, attempts }) => [name, attempts])).toEqual([
      ["master", 1],
      ["worker-0", 1],
      ["worker-1", 2],
    ]);
    await gate.open();
    await workspace.jrun("wait", "par");
    expect((await workspace.job("par")).status).toMatchObject({
      phase: "succeeded",
      nworkersSucceeded: 2,
    });
  });

  test.each([
    ["kill", 137],
    ["stop", 143],
  ] as const)("`docker %s` is a failure: started again within its policy", async (how, code) => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    const containers = [
      await workspace.submitStarted("again", gate.sh),
      await workspace.submitStarted("never", gate.sh, "--restart", "never"),
    ];
    await Promise.all(containers.map(async (container) => container[how]()));
    expect(await workspace.run("wait", "never")).toMatchObject({ exitCode: 1 });
    expect((await workspace.job("never")).status).toMatchObject({
      phase: "failed",
      exitCode: code,
    });
    await gate.open();
    await workspace.jrun("wait", "again");
    expect((await workspace.job("again")).status).toMatchObject({
      phase: "succeeded",
      units: [{ attempts: 2 }],
    });
  });

  test("`docker kill` over and over ends with the limit of restarts", async () => {
    await using workspace = await Workspace.create();
    using events = await ContainerEvents.follow(workspace.docker, workspace.namespace);
    const limit = ["--max-restarts", "2"];
    const container = await workspace.submitStarted("victim", "sleep 300", ...limit);
    for (let starts = 1; starts <= 3; starts++) {
      await events.until("start", starts);
      await container.kill();
    }
    expect(await workspace.run("wait", "victim")).toMatchObject({ exitCode: 1 });
    expect((await workspace.job("victim")).status).toMatchObject({
      phase: "failed",
      exitCode: 137,
      units: [{ attempts: 3 }],
    });
  });
});
