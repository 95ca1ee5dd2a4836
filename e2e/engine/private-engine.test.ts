import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { findEngine } from "@juliarun/scripts/engine";
import { PrivateEngine, privateEngineObstacle } from "./private-engine.ts";

const docker = inject("docker");

describe.skipIf(!docker.available || privateEngineObstacle())("PrivateEngine", () => {
  let engine: PrivateEngine;

  beforeAll(async () => {
    const main = await findEngine();
    if (!("docker" in main)) throw new Error(main.reason);
    engine = await PrivateEngine.create();
    await engine.load(main.docker, docker.images.busybox);
  });

  afterAll(async () => engine?.[Symbol.asyncDispose]());

  async function runSleep(name: string) {
    const container = await engine.docker.createContainer({
      name,
      Image: docker.images.busybox,
      Cmd: ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 0.1; done"],
      HostConfig: { RestartPolicy: { Name: "always" } },
    });
    await container.start();
    return container;
  }

  test("is not the user's engine", async () => {
    const main = await findEngine();
    if (!("docker" in main)) throw new Error(main.reason);
    const [here, there] = await Promise.all([engine.docker.info(), main.docker.info()]);
    expect(here.ID).not.toBe(there.ID);
    expect(here.DockerRootDir).not.toBe(there.DockerRootDir);
  });

  test("keeps its containers over a stop", async () => {
    const container = await runSleep("over-a-stop");
    await engine.stop();
    await expect(engine.docker.ping()).rejects.toThrow("connect");
    await engine.start();
    expect((await container.inspect()).State.Running).toBe(true);
  });

  test("comes back after being killed", async () => {
    const container = await runSleep("over-a-kill");
    const before = await container.inspect();
    await engine.kill();
    await expect(engine.docker.ping()).rejects.toThrow("connect");
    await engine.start();
    const after = await container.inspect();
    expect(after.State.Running).toBe(true);
    expect(after.State.StartedAt).not.toBe(before.State.StartedAt);
  });

  test("its containers reach each other by name", async () => {
    const network = await engine.docker.createNetwork({ Name: "pair" });
    const container = await runSleep("reachable");
    await network.connect({ Container: container.id });
    const [result] = (await engine.docker.run(
      docker.images.busybox,
      ["ping", "-c1", "reachable"],
      new PassThrough().resume(),
      {
        HostConfig: { NetworkMode: "pair" },
      },
    )) as [{ StatusCode: number }];
    expect(result.StatusCode).toBe(0);
  });
});
