import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CopySummary } from "@juliarun/sdk";
import { describe, expect, it, vi } from "vitest";
import { allowCopies } from "./copy-role.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const MIB = 1024 * 1024;
const PATIENCE = { timeout: 90_000, interval: 250 };
const reason = whyNoKubernetes();

async function copied(workspace: KubeWorkspace, from: string, to: string): Promise<CopySummary> {
  return JSON.parse(await workspace.jrun("cp", from, to, "-o", "json")) as CopySummary;
}

async function staged(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.includes(".jrun-cp"));
}

describe.skipIf(reason !== undefined)(`jrun cp on Kubernetes ${reason ?? ""}`, () => {
  it("copies files and folders there and back, with the role that it names", async () => {
    const workspace = await KubeWorkspace.create();
    const { folder, volume } = workspace;
    await mkdir(join(folder, "data/deep"), { recursive: true });
    await writeFile(join(folder, "data/a b\n.txt"), "content\n");
    await chmod(join(folder, "data/a b\n.txt"), 0o640);
    await utimes(join(folder, "data/a b\n.txt"), 1_000_000_000, 1_000_000_000);
    for (let index = 0; index < 300; index++)
      await writeFile(join(folder, `data/deep/${index}`), String(index));

    const refused = await workspace.run("cp", "data", "juliarun:/jobs/data");
    expect(refused).toMatchObject({
      exitCode: 8,
      stderr: expect.stringContaining("juliarun-copy"),
    });
    await allowCopies(workspace);

    expect(await copied(workspace, "data", "juliarun:/jobs/data")).toMatchObject({
      files: 301,
      folders: 2,
      target: "juliarun:/jobs/data",
    });
    const found = await stat(join(volume, "jobs/data/a b\n.txt"));
    expect([found.mode & 0o777, found.mtimeMs]).toEqual([0o640, 1e12]);
    expect(await readFile(join(volume, "jobs/data/deep/299"), "utf8")).toBe("299");
    expect(await copied(workspace, "juliarun:/jobs/data", "back")).toMatchObject({ files: 301 });
    expect(await readFile(join(folder, "back/deep/42"), "utf8")).toBe("42");
    expect(await workspace.jrun("cp", "juliarun:/jobs/data/a b\n.txt", "-")).toBe("content\n");
    expect(await workspace.run("cp", "juliarun:/missing", "x")).toMatchObject({ exitCode: 3 });
    await vi.waitFor(async () => expect(await workspace.objects()).toEqual([]), PATIENCE);
    expect(await staged(volume)).toEqual([]);
  });

  it("leaves no half file when it is killed in the middle, and can be repeated", async () => {
    const workspace = await KubeWorkspace.create({ administrator: true });
    const { folder, volume } = workspace;
    const content = randomBytes(150 * MIB);
    await writeFile(join(folder, "large"), content);
    await writeFile(join(volume, "large"), "old");
    const up = workspace.start("cp", "large", "juliarun:/large");
    await vi.waitFor(async () => expect(await staged(volume)).not.toEqual([]), PATIENCE);
    process.kill(up.pid ?? 0, "SIGKILL");
    await up.result();
    expect(await readFile(join(volume, "large"), "utf8")).toBe("old");

    await workspace.jrun("cp", "large", "juliarun:/large");
    expect(content.equals(await readFile(join(volume, "large")))).toBe(true);
    await workspace.jrun("cp", "juliarun:/large", "back");
    expect(content.equals(await readFile(join(folder, "back")))).toBe(true);
    // Pod and Job of the killed one go by themselves.
    await vi.waitFor(async () => {
      expect(await staged(volume)).toEqual([]);
      expect(await workspace.objects()).toEqual([]);
    }, PATIENCE);
  });
});
