import { execa } from "execa";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { ContainerEvents } from "../jrun/container-events.ts";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

const OWNER = 1000;

async function submitParallel(workspace: Workspace): Promise<void> {
  const gate = new Gate(workspace, "never");
  const script = await workspace.file("both.sh", `touch result; ${gate.sh}`);
  const scripts = ["--start-script", script, "--worker-start-script", script];
  const flags = ["--run-volume", "juliarun", "--image", "sh", "--nworkers", "2"];
  using events = await ContainerEvents.follow(workspace.docker, workspace.namespace);
  await workspace.jrun("submit", "JuliaParBatch", "par", ...scripts, ...flags);
  await events.until("start", 3);
}

describe.skipIf(!inject("docker").available)("a unit's container", () => {
  test("is confined, and tells nobody the job's cookie", async () => {
    await using workspace = await Workspace.create();
    await submitParallel(workspace);
    const master = await workspace.container("par");
    const cat = ["exec", master.id, "cat", "/run/juliarun/secrets/cookie"];
    const { stdout: cookie } = await execa("docker", cat);
    expect(cookie).toMatch(/^[0-9a-f]{16}$/);
    const containers = await workspace.containers();
    expect(containers).toHaveLength(3);
    for (const { Id } of containers) {
      const inspected = await workspace.docker.getContainer(Id).inspect();
      expect(JSON.stringify(inspected)).not.toContain(cookie);
      const { HostConfig } = inspected;
      expect(HostConfig.CapDrop).toEqual(["ALL"]);
      expect(HostConfig.CapAdd ?? []).toEqual([]);
      expect(HostConfig.Privileged).toBe(false);
      expect(HostConfig.SecurityOpt).toContain("no-new-privileges:true");
      expect(HostConfig.PidsLimit).toBeGreaterThan(0);
      expect(HostConfig.Memory).toBe(512 * 2 ** 20);
      expect(HostConfig.MemorySwap).toBe(HostConfig.Memory);
      expect(HostConfig.NetworkMode).not.toBe("host");
      const networks = Object.keys(inspected.NetworkSettings.Networks);
      expect(networks).toEqual([expect.stringContaining(workspace.namespace)]);
      expect(HostConfig.PidMode).toBe("");
      expect(HostConfig.IpcMode).not.toBe("host");
    }
    const shown = await Promise.all([
      workspace.jrun("status", "par", "-o", "json"),
      workspace.jrun("ls", "-o", "json"),
      workspace.jrun("logs", "par"),
    ]);
    expect(shown.join("")).not.toContain(cookie);
  });

  test("runs as the owner of the run volume's folder, who owns its results", async () => {
    await using workspace = await Workspace.create({ owner: OWNER });
    await submitParallel(workspace);
    for (const { Id } of await workspace.containers()) {
      const { stdout } = await execa("docker", ["exec", Id, "id", "-u"]);
      expect(stdout).toBe(String(OWNER));
    }
    const names = await readdir(join(workspace.volume, "par"), { recursive: true });
    expect(names).toContain("result");
    expect(names).toContain("log/worker-1.stdout");
    for (const name of ["", ...names]) {
      expect((await stat(join(workspace.volume, "par", name))).uid).toBe(OWNER);
    }
  });
});
