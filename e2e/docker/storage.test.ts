import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { Workspace } from "../jrun/workspace.ts";

const STORAGE = {
  hostpath: [
    { name: "juliarun", path: "juliarun" },
    { name: "fixed", path: "fixed", readonly: true },
  ],
  scratch: [
    { name: "tmp", capacity: "8Mi" },
    { name: "none", readonly: true },
  ],
  nfs: [{ name: "share", server: "127.0.0.1", path: "/export" }],
  ebs: [{ name: "disk", volume_id: "vol-1a123456" }],
  gce: [{ name: "cloud", disk: "sample-data-disk" }],
};

async function createWorkspace(): Promise<Workspace> {
  const workspace = await Workspace.create({ config: { storage: STORAGE } });
  await mkdir(join(workspace.folder, "fixed"));
  await writeFile(join(workspace.folder, "fixed/data"), "data\n");
  return workspace;
}

describe.skipIf(!inject("docker").available)("volumes on the Docker Engine", () => {
  test("that are read-only can be read, and not written to", async () => {
    const workspace = await createWorkspace();
    const script = `cat /mnt/fixed/data
for folder in fixed none; do touch /mnt/$folder/x 2>&1 && exit 1; done
exit 0
`;
    const volumes = ["--additional-volumes", "fixed,none"];
    await workspace.submit("reader", script, ...volumes);
    expect(await workspace.jrun("wait", "reader")).toContain("reader succeeded");
    const output = await workspace.jrun("logs", "reader");
    expect(output).toContain("data\n");
    expect(output.match(/Read-only file system/g)).toHaveLength(2);
    expect(await readdir(join(workspace.folder, "fixed"))).toEqual(["data"]);
    const line = await workspace.submitLine("runner", "true");
    const refused = await workspace.run(...line.with(4, "fixed"));
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("read-only") });
  });

  test("that are scratch are writable, bounded where the engine has quotas, and gone with the job", async () => {
    const workspace = await createWorkspace();
    const script = `set -e
dd if=/dev/zero of=/mnt/tmp/small bs=1M count=4
dd if=/dev/zero of=/mnt/tmp/large bs=1M count=16 || echo bounded
`;
    await workspace.submit("writer", script, "--additional-volumes", "tmp");
    expect(await workspace.jrun("wait", "writer")).toContain("writer succeeded");
    const label = [`juliarun.namespace=${workspace.namespace}`];
    const { Volumes } = await workspace.docker.listVolumes({ filters: { label } });
    const bounded = Volumes.some(({ Options }) => Options?.["size"] !== undefined);
    const output = await workspace.jrun("logs", "writer");
    expect(output.includes("bounded")).toBe(bounded);
    const doctor = await workspace.run("doctor");
    expect(doctor.stdout.includes("capacity this engine cannot enforce")).toBe(!bounded);
    await workspace.jrun("delete", "writer");
    expect((await workspace.docker.listVolumes({ filters: { label } })).Volumes).toEqual([]);
  });

  test("on NFS are mounted by the engine, whose words tell why it cannot", async () => {
    const workspace = await createWorkspace();
    // Nobody serves there; an engine's machine may not even know NFS.
    const volumes = ["--additional-volumes", "share"];
    await workspace.submit("mounts", "echo never", ...volumes, "--restart", "never");
    const { exitCode, stdout } = await workspace.run("wait", "mounts");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("mount");
    const container = await workspace.container("mounts");
    const { Mounts } = await container.inspect();
    const name = Mounts.find(({ Destination }) => Destination === "/mnt/share")?.Name ?? "";
    const { Options } = await workspace.docker.getVolume(name).inspect();
    expect(Options).toEqual({
      type: "nfs",
      o: "addr=127.0.0.1,nfsvers=4,rw",
      device: ":/export",
    });
  });

  test("that only a cloud has are refused", async () => {
    const workspace = await createWorkspace();
    for (const [volume, words] of [
      ["cloud", "of kind gce, which the Docker Engine cannot mount"],
      ["disk", "of kind ebs, which the Docker Engine cannot mount"],
    ] as const) {
      const line = await workspace.submitLine("job", "true", "--additional-volumes", volume);
      expect(await workspace.run(...line)).toMatchObject({
        exitCode: 7,
        stderr: expect.stringContaining(words),
      });
    }
    const parallel = ["submit", "JuliaParBatch", "many", "/mnt/juliarun/job.sh", "juliarun"];
    expect(await workspace.run(...parallel, "--additional-volumes", "disk")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("only a single JuliaBatch job can use"),
    });
    expect(await workspace.jobs()).toEqual([]);
  });
});
