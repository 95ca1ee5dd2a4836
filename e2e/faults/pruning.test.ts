import { init } from "@juliarun/sdk";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { PrivateEngine, privateEngineObstacle } from "../engine/private-engine.ts";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";
import { testEngine } from "../setup/test-engine.ts";

const available = inject("docker").available && privateEngineObstacle() === undefined;

describe.skipIf(!available)("`docker … prune` by the user", () => {
  let engine: PrivateEngine;

  beforeAll(async () => {
    engine = await PrivateEngine.create();
    await engine.load(await testEngine(), inject("docker").images.busybox);
  });

  afterAll(async () => engine?.[Symbol.asyncDispose]());

  test("of containers takes a finished job's logs, not its end", async () => {
    await using workspace = await Workspace.create({ engine });
    await workspace.submit("good", "echo good");
    await workspace.submit("bad", "exit 7", "--restart", "never");
    await workspace.run("wait", "good", "bad");
    const before = [await workspace.job("good"), await workspace.job("bad")];
    await engine.docker.pruneContainers();
    expect([await workspace.job("good"), await workspace.job("bad")]).toEqual(before);
    expect(await workspace.run("wait", "good")).toMatchObject({ exitCode: 0 });
    expect(await workspace.run("wait", "bad")).toMatchObject({ exitCode: 1 });
    const logs = await workspace.run("logs", "good");
    expect(logs.stdout).toBe("");
    // They are still on the run volume.
    expect(logs.stderr).toMatch(/good.*(gone|removed)/);
    expect(await workspace.readFile("good/log/master.stdout")).toBe("good\n");
    await workspace.jrun("delete", "good", "bad");
  });

  test("of containers leaves running and waiting jobs alone", async () => {
    const compute = { capacity: { cpu: "100m", memory: "1Gi" } };
    await using workspace = await Workspace.create({ engine, compute });
    const gate = new Gate(workspace, "go");
    await workspace.submit("running", gate.sh);
    await workspace.submit("waiting", "echo waited");
    await engine.docker.pruneContainers();
    await gate.open();
    await workspace.jrun("wait", "running", "waiting");
    expect(await workspace.jrun("logs", "waiting")).toBe("waited\n");
  });

  test("of everything while nothing runs does not disturb the next job", async () => {
    await using workspace = await Workspace.create({ engine });
    // One process that knows network and volume from before, and new ones.
    await using context = await init({
      cwd: workspace.folder,
      env: { DOCKER_HOST: engine.host, JRUN_STATE_DIR: workspace.stateFolder },
    });
    const parameters = {
      startScript: await workspace.file("x.sh", "echo ran"),
      runVolume: "juliarun",
      image: "sh",
    };
    for (const name of ["first", "second", "third"]) {
      await context.submit({ type: "JuliaBatch", name, parameters });
      expect(await context.wait(name)).toMatchObject({ phase: "succeeded" });
      await context.delete(name);
      await engine.docker.pruneContainers();
      await engine.docker.pruneVolumes();
      await engine.docker.pruneNetworks();
    }
    await workspace.submit("fourth", "echo ran");
    await workspace.jrun("wait", "fourth");
    // Were the folder unusable, the wrapper would say so.
    const logs = await workspace.run("logs", "fourth");
    expect(logs).toMatchObject({ exitCode: 0, stdout: "ran\n", stderr: "" });
    expect(await workspace.readFile("fourth/log/master.stdout")).toBe("ran\n");
  });

  test("of networks while a job waits to be restarted by hand does not lose it", async () => {
    await using workspace = await Workspace.create({ engine });
    const gate = new Gate(workspace, "go");
    const long = await workspace.submitStarted("long", gate.sh);
    await engine.docker.pruneNetworks();
    await engine.docker.pruneVolumes();
    await long.kill();
    await gate.open();
    await workspace.jrun("wait", "long");
    expect((await workspace.job("long")).status.units).toMatchObject([{ attempts: 2 }]);
  });
});
