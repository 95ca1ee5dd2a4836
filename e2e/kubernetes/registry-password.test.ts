import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { ClusterNode } from "@juliarun/scripts/cluster";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { NodeRegistry, REGISTRY_LOGIN } from "../engine/registry.ts";
import { testEngine } from "../setup/test-engine.ts";
import { allowCopies } from "./copy-role.ts";
import { podsOf } from "./pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const EXIT_INVALID = 2;
const PATIENCE = { timeout: 60_000, interval: 250 };
const { username, password } = REGISTRY_LOGIN;
const LOGIN = { username, password: { file: "password" } };

function whyNoRegistry(): string | undefined {
  const cluster = inject("kubernetes");
  const docker = inject("docker");
  if (!docker.available) return docker.reason;
  if (cluster.available && cluster.kind === undefined)
    return "the nodes of a given cluster reach no registry of this machine";
  return whyNoKubernetes();
}

const reason = whyNoRegistry();
if (reason !== undefined) console.warn(`SKIPPED: a registry with a password, because: ${reason}`);

describe.skipIf(reason !== undefined)("a registry with a password, on Kubernetes", () => {
  let registry: NodeRegistry;
  let node: ClusterNode;
  const published: string[] = [];

  beforeAll(async () => {
    const cluster = inject("kubernetes");
    node = new ClusterNode(cluster.available ? (cluster.kind ?? "") : "");
    registry = await NodeRegistry.start(await testEngine(), node.container);
  });

  afterAll(async () => {
    for (const image of published)
      await node.run(
        ["sh", "-c", 'crictl rmi "$1" 2>&1 || true', "sh", image],
        "Removing an image",
      );
    await registry[Symbol.asyncDispose]();
  });

  /** An image that the node has never seen: one that it has is not pulled again. */
  async function publish(name: string): Promise<string> {
    const { uid, gid } = userInfo();
    const image = await registry.publish(name, { user: `${uid}:${gid}` });
    published.push(image);
    return image;
  }

  async function workspaceWith(
    login: Readonly<Record<string, unknown>>,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<KubeWorkspace> {
    const registries = { [registry.address]: login };
    const workspace = await KubeWorkspace.create({ config: { registries, ...more } });
    await writeFile(join(workspace.folder, "password"), `${password}\n`);
    await writeFile(join(workspace.folder, "wrong"), "battery staple\n");
    return workspace;
  }

  test("serves a job that names an image of it, by a Secret that goes with the job", async () => {
    const image = await publish("team/own");
    await using workspace = await workspaceWith(LOGIN);
    await workspace.submit("hello", "echo hello", "--image", image);
    await workspace.jrun("wait", "hello");
    expect(await workspace.jrun("logs", "hello")).toBe("hello\n");
    const [pod] = await podsOf(workspace.client, "hello");
    const name = pod?.spec.imagePullSecrets?.[0]?.name ?? "";
    expect(name).toMatch(/^hello-.*-pull$/);
    expect(await workspace.objects()).toContain(`secrets/${name}`);
    const shown = [JSON.stringify(pod), await workspace.jrun("status", "hello", "-o", "json")];
    expect(shown.join("\n")).not.toContain(password);
    await workspace.jrun("delete", "hello");
    expect(await workspace.objects()).toEqual([]);
  });

  test("serves a copy, by a Secret that goes with it", async () => {
    const image = await publish("team/copy");
    const { uid, gid } = userInfo();
    const images = { julia: { image, executable: "julia", user: `${uid}:${gid}` } };
    await using workspace = await workspaceWith(LOGIN, { images });
    await allowCopies(workspace);
    await workspace.jrun("cp", "config.json", "juliarun:copy");
    expect(JSON.parse(await workspace.readFile("copy"))).toMatchObject({ images });
    await vi.waitFor(async () => expect(await workspace.objects()).toEqual([]), PATIENCE);
  });

  test("serves a job by a Secret that is there, and stays", async () => {
    const image = await publish("team/existing");
    await using workspace = await workspaceWith({ ...LOGIN, secret: "pull" });
    const line = await workspace.submitLine("hello", "echo hello", "--image", image);
    const refused = await workspace.run(...line);
    expect(refused.exitCode).toBe(EXIT_INVALID);
    expect(refused.stderr).toContain(`no Secret pull in namespace ${workspace.namespace}`);
    expect(await workspace.objects()).toEqual([]);
    const auths = { [registry.address]: { username, password } };
    await workspace.client.create(workspace.client.path("secrets"), {
      metadata: { name: "pull" },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": JSON.stringify({ auths }) },
    });
    await workspace.jrun(...line);
    await workspace.jrun("wait", "hello");
    expect(await workspace.jrun("logs", "hello")).toBe("hello\n");
    await workspace.jrun("delete", "hello");
    const secrets = workspace.client.path("secrets", "pull");
    expect(await workspace.client.find(secrets)).toMatchObject({ metadata: { name: "pull" } });
  });

  test("that refuses a password is named with the user, while the job waits", async () => {
    const image = await publish("team/refused");
    await using workspace = await workspaceWith({ username, password: { file: "wrong" } });
    await workspace.submit("hello", "echo hello", "--image", image);
    await vi.waitFor(async () => {
      const { status } = await workspace.job("hello");
      expect(status).toMatchObject({ phase: "starting", reason: "ImageNotFound" });
    }, PATIENCE);
    const shown = await workspace.jrun("status", "hello");
    expect(shown).toContain(`cannot be pulled from ${registry.address} as user ${username}:`);
    expect(shown).not.toMatch(/correct horse|battery staple/);
    await workspace.jrun("delete", "hello", "--force");
    expect(await workspace.objects()).toEqual([]);
  });
});
