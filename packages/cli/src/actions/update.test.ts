import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryCli } from "../testing/memory-cli.ts";

describe("jrun update", () => {
  let cli: MemoryCli;

  beforeEach(() => {
    cli = new MemoryCli();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  const web = ["web", "old.conf", "juliarun", "--nworkers", "2"];

  async function untilRunning(name: string): Promise<void> {
    const phase = async (): Promise<unknown> =>
      JSON.parse((await cli.run("status", name, "-o", "json")).stdout).status.phase;
    await expect.poll(phase).toBe("running");
  }

  it("replaces a service's containers and waits for it; the same again changes nothing", async () => {
    await cli.run("submit", "Webserver", ...web);
    await untilRunning("web");
    const result = await cli.run("update", "Webserver", "web", "new.conf", "juliarun", "--wait");
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toContain("updated: web");
    const scripts = cli.world.containers().map(({ record }) => record.spec.parameters["cfgFile"]);
    expect(scripts).toEqual(["new.conf"]);
    const args = ["web", "new.conf", "juliarun", "-o", "json"];
    const again = await cli.run("update", "Webserver", ...args);
    expect(JSON.parse(again.stdout).status.revision).toBe(1);
    const endpoint = JSON.parse((await cli.run("endpoint", "web", "-o", "json")).stdout);
    expect(endpoint).toMatchObject({ ports: { http: 80, https: 443 } });
  });

  it("says what cannot be updated", async () => {
    await cli.submit("task", [{ do: "untilStopped" }]);
    const task = await cli.run("update", "JuliaBatch", "task", "/other.jl", "juliarun");
    expect(task.exitCode).not.toBe(0);
    expect(task.stderr).toContain("a JuliaBatch is a task, which runs once");
    expect(await cli.run("update", "Webserver", "nobody", "a", "juliarun")).toMatchObject({
      exitCode: 3,
    });
  });
});
