import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { runningPods } from "../pods.ts";
import { makeToken } from "../service-account.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const EXIT_FORBIDDEN = 8;

/** From now on the workspace's commands speak as another service account, which may do what a cluster's role allows. */
async function speakAs(workspace: KubeWorkspace, name: string, role?: string): Promise<void> {
  const { client, folder, namespace } = workspace;
  await client.create(client.path("serviceaccounts"), { metadata: { name } });
  if (role !== undefined) {
    const rbac = "rbac.authorization.k8s.io";
    await client.create(`/apis/${rbac}/v1/namespaces/${namespace}/rolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    });
  }
  const file = join(folder, "config.json");
  const config = JSON.parse(await readFile(file, "utf8")) as { compute: { auth: object } };
  const token = Buffer.from(await makeToken(client, name)).toString("base64");
  const auth = { ...config.compute.auth, token };
  const changed = { ...config, compute: { ...config.compute, auth } };
  await writeFile(file, JSON.stringify(changed));
}

describe.skipIf(whyNoKubernetes() !== undefined)(
  "a user of Kubernetes who may not",
  { concurrent: true },
  () => {
    test("do anything is told of each call what it is, and where", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      await speakAs(workspace, "nobody");
      const commands: [string[], RegExp][] = [
        [["ls"], /list configmaps/],
        [["status", "x"], /get configmaps x/],
        [["delete", "x"], /get configmaps x/],
        [await workspace.submitLine("x", "true"), /(get|create|list) (configmaps|pods)/],
      ];
      for (const [args, call] of commands) {
        const { exitCode, stdout, stderr } = await workspace.run(...args);
        expect({ args, exitCode, stdout }).toEqual({ args, exitCode: EXIT_FORBIDDEN, stdout: "" });
        expect(stderr).toMatch(/^error: Not allowed to /);
        expect(stderr).toMatch(call);
        expect(stderr).toContain(`in namespace ${workspace.namespace}`);
        expect(stderr).toMatch(/^hint: Ask the cluster's administrator for the right to /m);
        expect(stderr).not.toContain("    at ");
      }
      expect(await workspace.objects()).toEqual([]);
    });

    test("change anything can look, follow and wait", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const gate = new Gate(workspace, "go");
      await workspace.submit("real", `echo up; ${gate.sh}`, "--cpu", "10m");
      await runningPods(workspace.client, "real");
      await speakAs(workspace, "viewer", "view");
      expect((await workspace.job("real")).status).toMatchObject({ phase: "running" });
      expect((await workspace.jobs()).map(({ name }) => name)).toEqual(["real"]);
      const before = await workspace.objects();

      for (const [args, call] of [
        [await workspace.submitLine("more", "true"), /create (pods|configmaps)/],
        [["delete", "real", "--force"], /patch configmaps real/],
      ] as const) {
        const { exitCode, stderr } = await workspace.run(...args);
        expect({ args, exitCode }).toEqual({ args, exitCode: EXIT_FORBIDDEN });
        expect(stderr).toMatch(/^error: Not allowed to /);
        expect(stderr).toMatch(call);
        expect(stderr).toContain(`in namespace ${workspace.namespace}`);
      }
      expect(await workspace.objects()).toEqual(before);

      const logs = workspace.start("logs", "real", "-f");
      const wait = workspace.start("wait", "real");
      await logs.until("up\n");
      await gate.open();
      expect(await wait.success()).toMatch(/^real succeeded/m);
      expect(await logs.success()).toBe("up\n");
    });
  },
);
