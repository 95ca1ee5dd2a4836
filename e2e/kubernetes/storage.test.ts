import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();
const LATE = { timeout: 180_000, interval: 2000 };

/** A folder of the node with a file. */
async function makeFixed(): Promise<string> {
  const cluster = inject("kubernetes");
  const folder = join(cluster.available ? (cluster.hostFolder ?? "") : "", `fixed-${process.pid}`);
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "data"), "data\n");
  return folder;
}

function fill(mebibytes: number): string {
  return `dd if=/dev/zero of=/mnt/tmp/x bs=1M count=${mebibytes}\n`;
}

describe.skipIf(reason !== undefined)(`volumes on Kubernetes ${reason ?? ""}`, () => {
  test("that are read-only can be read, and not written to", async () => {
    const fixed = await makeFixed();
    await using workspace = await KubeWorkspace.create({
      storage: { scratch: [{ name: "none", readonly: true }] },
      fixed,
    });
    const script = `cat /mnt/fixed/data
for folder in fixed none; do touch /mnt/$folder/x 2>&1 && exit 1; done
exit 0
`;
    await workspace.submit("reader", script, "--additional-volumes", "fixed,none");
    expect(await workspace.jrun("wait", "reader")).toContain("reader succeeded");
    const output = await workspace.jrun("logs", "reader");
    expect(output).toContain("data\n");
    expect(output.match(/Read-only file system/g)).toHaveLength(2);
    expect(await readdir(fixed)).toEqual(["data"]);
  });

  test("that are scratch may hold their capacity, and no more", { timeout: 240_000 }, async () => {
    await using workspace = await KubeWorkspace.create({
      storage: { scratch: [{ name: "tmp", capacity: "8Mi" }] },
    });
    const flags = ["--additional-volumes", "tmp", "--restart", "never"];
    await workspace.submit("small", fill(4), ...flags);
    await workspace.submit("large", `${fill(24)}sleep 300\n`, ...flags);
    expect(await workspace.jrun("wait", "small")).toContain("small succeeded");
    // The kubelet measures volumes once in a minute.
    await vi.waitFor(
      async () => expect((await workspace.job("large")).status.phase).toBe("failed"),
      LATE,
    );
    expect((await workspace.job("large")).status).toMatchObject({
      reason: "Evicted",
      message: expect.stringContaining('volume "tmp" exceeds the limit "8Mi"'),
    });
  });

  test("on an EBS disk are for one job at a time", async () => {
    const disk = { volume_id: "vol-1a123456" };
    await using workspace = await KubeWorkspace.create({
      storage: {
        ebs: [
          { name: "fixed", ...disk, readonly: true },
          { name: "open", ...disk },
        ],
      },
    });
    // Claims without a disk: who mounts one waits for it.
    const { client } = workspace;
    for (const volume of ["fixed", "open"]) {
      await client.create(client.path("persistentvolumeclaims"), {
        metadata: { name: `juliarun-${volume}` },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "1Gi" } },
          storageClassName: "",
        },
      });
    }
    await workspace.submit("first", "true", "--additional-volumes", "fixed");
    const second = await workspace.submitLine("second", "true", "--additional-volumes", "open");
    expect(await workspace.run(...second)).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining("uses the disk vol-1a123456 of volume open"),
    });
    await workspace.jrun("delete", "first", "--force");
    await workspace.jrun(...second);
    expect((await workspace.jobs()).map(({ name }) => name)).toEqual(["second"]);
  });
});
