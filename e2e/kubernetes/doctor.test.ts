import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();
const RBAC = "/apis/rbac.authorization.k8s.io/v1";

describe.skipIf(reason !== undefined)("jrun doctor on Kubernetes", () => {
  test("is content with the role that comes with JuliaRun", async () => {
    await using workspace = await KubeWorkspace.create();
    const { exitCode, stdout } = await workspace.run("doctor");
    expect(stdout).not.toMatch(/^fail/m);
    expect(stdout).toContain(`all that jobs need in namespace ${workspace.namespace}`);
    expect(stdout).toMatch(/^warn {2}rights: you may not list nodes in the whole cluster/m);
    expect(exitCode).toBe(0);
  });

  test("names each right that is missing, and a namespace that is", async () => {
    await using workspace = await KubeWorkspace.create();
    const { client } = workspace;
    const role = `${RBAC}/namespaces/${workspace.namespace}/roles/juliarun`;
    const patch = [{ op: "replace", path: "/rules/1/verbs", value: ["get"] }];
    await client.patch(role, patch, "json");
    await expect
      .poll(async () => (await workspace.run("doctor")).stdout, { timeout: 10_000, interval: 500 })
      .toContain(`you may not create secrets in namespace ${workspace.namespace}`);
    const { exitCode, stdout } = await workspace.run("doctor");
    expect(stdout).toContain("you may not deletecollection services");
    expect(stdout).not.toContain("you may not create pods");
    expect(exitCode).toBe(1);
    await using administrator = await KubeWorkspace.create({ administrator: true });
    const missing = await administrator.run("doctor", "-n", "there-is-none");
    expect(missing.stdout).toMatch(/^fail {2}namespace: there-is-none does not exist$/m);
  });

  test("tells of volumes whose claims are to be made, which jrun storage apply does", async () => {
    const nfs = [{ name: "shared", server: "192.0.2.1", path: "/exports" }];
    await using workspace = await KubeWorkspace.create({ administrator: true });
    const file = join(workspace.folder, "config.json");
    const config = JSON.parse(await readFile(file, "utf8")) as { storage: object };
    const configure = async (path: string): Promise<void> => {
      const storage = { ...config.storage, nfs: [{ ...nfs[0], path }] };
      await writeFile(file, JSON.stringify({ ...config, storage }));
    };
    await configure("/exports");
    const volume = `juliarun.${workspace.namespace}.shared`;
    const path = `/api/v1/persistentvolumes/${volume}`;
    try {
      expect((await workspace.run("doctor")).stdout).toMatch(
        /^fail {2}volume shared: it has no claim/m,
      );
      const first = await workspace.jrun("storage", "apply");
      expect(first).toMatch(/^PersistentVolume +juliarun\S+ +created$/m);
      expect(first).toMatch(/^PersistentVolumeClaim +juliarun-shared +created$/m);
      await expect
        .poll(async () => (await workspace.run("doctor")).stdout, { timeout: 20_000 })
        .toMatch(/^ok {4}volume shared: its claim is bound$/m);
      const bound = await workspace.client.get(path);
      expect(await workspace.jrun("storage", "apply", "shared")).not.toMatch(
        / (created|changed)$/m,
      );
      // What the cluster has noted of the binding stays.
      expect(await workspace.client.get(path)).toMatchObject({
        spec: (bound as { spec: unknown }).spec,
      });
      await configure("/elsewhere");
      expect(await workspace.run("storage", "apply")).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("cannot be changed"),
      });
    } finally {
      await workspace.client.delete(path);
    }
  });
});
