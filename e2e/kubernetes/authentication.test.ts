import { randomBytes } from "node:crypto";
import { init, juliaBatch, type Context } from "@juliarun/sdk";
import { describe, expect, test } from "vitest";
import { makeServiceAccount } from "./service-account.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();

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
