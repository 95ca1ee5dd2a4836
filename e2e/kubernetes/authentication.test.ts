import { randomBytes } from "node:crypto";
import { init, juliaBatch, type Context } from "@juliarun/sdk";
import { describe, expect, inject, test } from "vitest";
import { clientCertificate, type ClientCertificate } from "./client-certificate.ts";
import { KubectlProxy, whyNoKubectl } from "./kubectl-proxy.ts";
import { makeServiceAccount } from "./service-account.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();
const cluster = inject("kubernetes");
const given = cluster.available ? await clientCertificate(cluster.kubeconfig) : undefined;
const noKubectl = await whyNoKubectl();

const EXIT_UNREACHABLE = 6;

/** The output of a job, from its submission on. */
async function outputOfJob(workspace: KubeWorkspace): Promise<string> {
  await workspace.submit("hello", "echo hello", "--cpu", "20m");
  await workspace.jrun("wait", "hello");
  return workspace.jrun("logs", "hello");
}

/** A workspace whose user has the certificate of the kubeconfig, and more keys of `compute.auth`. */
async function certified(
  choose: (given: ClientCertificate) => Readonly<Record<string, unknown>>,
): Promise<KubeWorkspace> {
  if (!given) throw new Error("The kubeconfig has no client certificate.");
  const own = { "client-certificate-data": given.certificate, "client-key-data": given.key };
  const auth = { type: "cert", ...own, ...choose(given) };
  return KubeWorkspace.create({ compute: { uri: given.server, auth } });
}

/** A certificate authority that is the cluster's too, and not of its API server. */
async function otherAuthority({ client }: KubeWorkspace): Promise<string> {
  const path = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";
  const { data } = await client.get<{ data: Readonly<Record<string, string>> }>(path);
  return Buffer.from(data["requestheader-client-ca-file"] ?? "").toString("base64");
}

const open = async (workspace: KubeWorkspace): Promise<Context> =>
  init({
    cwd: workspace.folder,
    env: { ...process.env, JRUN_STATE_DIR: workspace.stateFolder },
  });

describe.skipIf(reason !== undefined)("credentials of a context on Kubernetes", () => {
  test("are the caller's, in another namespace, and nothing of the configuration's", async () => {
    await using workspace = await KubeWorkspace.create();
    await using other = await KubeWorkspace.create({ administrator: true });
    const { token } = await makeServiceAccount(other.client);
    await using ctx = await open(workspace);
    // The configuration's user has no rights there.
    await using same = await ctx.authenticate({ type: "none" }, other.namespace);
    await expect(same.list()).rejects.toMatchObject({ code: "FORBIDDEN" });

    await using theirs = await ctx.authenticate({ type: "token", token }, other.namespace);
    const job = juliaBatch({
      name: "theirs",
      startScript: await other.file("theirs.sh", "echo hello"),
      runVolume: "juliarun",
      image: "sh",
      cpu: "10m",
      memory: "32Mi",
    });
    expect(await theirs.submit(job)).toMatchObject({ created: true });
    expect((await other.jobs()).map(({ name }) => name)).toEqual(["theirs"]);
    expect(await ctx.list()).toEqual([]);

    await ctx.authenticateInPlace({ type: "token", token }, other.namespace);
    expect((await ctx.list()).map(({ name }) => name)).toEqual(["theirs"]);
    await ctx.useNamespace(workspace.namespace);
    await expect(ctx.list()).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("that nobody knows are refused", async () => {
    await using workspace = await KubeWorkspace.create();
    await using ctx = await open(workspace);
    const token = randomBytes(32).toString("hex");
    await using stranger = await ctx.authenticate({ type: "token", token });
    await expect(stranger.list()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });
});

describe.skipIf(reason !== undefined)("the kinds of authentication on Kubernetes", () => {
  test("a client certificate is enough, with the cluster's authority", async ({ skip }) => {
    skip(!given, "the kubeconfig of the cluster has no client certificate");
    await using workspace = await certified(({ authority }) => ({
      "certificate-authority-data": authority,
    }));
    expect(await outputOfJob(workspace)).toBe("hello\n");
  });

  test("no authority is needed where nothing is verified", async ({ skip }) => {
    skip(!given, "the kubeconfig of the cluster has no client certificate");
    await using workspace = await certified(() => ({ "cert-verify": false }));
    expect(await workspace.jobs()).toEqual([]);
  });

  test("a server that another authority vouches for is not trusted", async ({ skip }) => {
    skip(!given, "the kubeconfig of the cluster has no client certificate");
    await using unknown = await certified(() => ({}));
    const other = await otherAuthority(unknown);
    await using wrong = await certified(() => ({ "certificate-authority-data": other }));
    for (const workspace of [unknown, wrong]) {
      const { exitCode, stderr } = await workspace.run("ls");
      expect(exitCode).toBe(EXIT_UNREACHABLE);
      expect(stderr).toMatch(
        /^error: The Kubernetes API server at \S+ is not trusted .*certificate/m,
      );
      expect(stderr).toMatch(/^hint: .*`compute\.auth\.certificate-authority-data`/m);
    }
  });

  test("no credentials are needed where kubectl proxy adds them", async ({ skip }) => {
    skip(noKubectl !== undefined, noKubectl);
    if (!cluster.available) throw new Error(cluster.reason);
    await using proxy = await KubectlProxy.start(cluster.kubeconfig);
    const compute = { uri: proxy.address, auth: { type: "none" } };
    await using workspace = await KubeWorkspace.create({ compute });
    expect(await outputOfJob(workspace)).toBe("hello\n");
  });
});
