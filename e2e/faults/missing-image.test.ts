import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Registry } from "../engine/registry.ts";
import { Workspace } from "../jrun/workspace.ts";
import { testEngine } from "../setup/test-engine.ts";

const EXIT_NOT_FOUND = 3;

async function workspaceWith(image: string): Promise<Workspace> {
  return Workspace.create({ config: { images: { julia: { image, executable: "sh" } } } });
}

async function submitLine(workspace: Workspace): Promise<string[]> {
  return workspace.submitLine("hello", "echo hello", "--image", "julia");
}

async function expectNothingLeft(workspace: Workspace): Promise<void> {
  expect(await workspace.jobs()).toEqual([]);
  expect(await workspace.containers()).toEqual([]);
  const filters = { label: [`juliarun.namespace=${workspace.namespace}`] };
  expect(await workspace.docker.listNetworks({ filters })).toEqual([]);
}

describe.skipIf(!inject("docker").available)("an image that is not on the engine", () => {
  let registry: Registry;

  beforeAll(async () => {
    registry = await Registry.start(await testEngine());
  });

  afterAll(async () => registry[Symbol.asyncDispose]());

  test("is pulled, and the user sees how far that is", async () => {
    const image = await registry.publish("pulled");
    await using workspace = await workspaceWith(image);
    const { exitCode, stderr } = await workspace.run(...(await submitLine(workspace)));
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain(`pulling ${image}`);
    await workspace.jrun("wait", "hello");
    expect(await workspace.jrun("logs", "hello")).toBe("hello\n");
    await workspace.jrun("delete", "hello");
    await workspace.docker.getImage(image).remove({ force: true });
  });

  test.each([
    ["of which the registry knows no such tag", () => `${registry.address}/pulled:2`],
    ["of which the registry knows nothing", () => `${registry.address}/nobody/nothing:1`],
    ["whose registry does not answer", () => "127.0.0.1:1/any:1"],
  ])("%s fails the submit at once, with nothing left", async (_case, reference) => {
    const image = reference();
    await using workspace = await workspaceWith(image);
    const { exitCode, stderr } = await workspace.run(...(await submitLine(workspace)));
    expect(exitCode).toBe(EXIT_NOT_FOUND);
    expect(stderr).toContain(`Image ${image} is not on the engine and cannot be pulled:`);
    expect(stderr).toMatch(/unknown|not found|refused/);
    await expectNothingLeft(workspace);
  });

  test("any more when a waiting job's turn comes fails that job, with the reason", async () => {
    const image = await registry.publish("short-lived");
    await using workspace = await Workspace.create({
      compute: { capacity: { cpu: "100m", memory: "1Gi" } },
      config: {
        images: {
          julia: { image, executable: "sh" },
          sh: { image: inject("docker").images.busybox, executable: "sh" },
        },
      },
    });
    const running = await workspace.submitLine("first", "sleep 60");
    await workspace.jrun(...running);
    await workspace.jrun(...(await submitLine(workspace)));
    expect((await workspace.job("hello")).status.phase).toBe("queued");
    await workspace.docker.getImage(image).remove({ force: true });
    await registry.forget("short-lived");
    const waiting = workspace.start("wait", "hello");
    await workspace.jrun("delete", "first", "--force");
    const { exitCode, stdout } = await waiting.result();
    expect(exitCode).toBe(1);
    expect(stdout).toContain(image);
    expect((await workspace.job("hello")).status).toMatchObject({
      phase: "failed",
      reason: "ImageNotFound",
    });
  });
});
