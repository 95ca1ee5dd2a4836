import { describe, expect, inject, test } from "vitest";
import { testEngine } from "../setup/test-engine.ts";
import { Registry } from "./registry.ts";

describe.skipIf(!inject("docker").available)("Registry", () => {
  test("publishes an image that the engine has to pull", async () => {
    const docker = await testEngine();
    await using registry = await Registry.start(docker);
    const reference = await registry.publish("published");
    await expect(docker.getImage(reference).inspect()).rejects.toMatchObject({ statusCode: 404 });
    const seen: string[] = [];
    const pull = await docker.pull(reference);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        pull,
        (error) => (error ? reject(error) : resolve()),
        (event: { status?: string }) => seen.push(event.status ?? ""),
      );
    });
    expect(seen).toContain("Downloading");
    await docker.getImage(reference).remove({ force: true });
    await registry.forget("published");
    await expect(docker.pull(reference)).rejects.toMatchObject({ statusCode: 404 });
  });
});
