import { describe, expect, test, vi } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { runningPods } from "../pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const PATIENCE = { timeout: 40_000, interval: 500 };

/** A job that runs for ever, and a command that waits for it. */
async function startEndless(workspace: KubeWorkspace) {
  const endless = new Gate(workspace, "never").sh;
  await workspace.submit("endless", endless, "--cpu", "10m");
  await runningPods(workspace.client, "endless");
  return workspace.start("wait", "endless");
}

describe.skipIf(whyNoKubernetes() !== undefined)(
  "an object of a job deleted by hand",
  { concurrent: true },
  () => {
    test("that is its record takes the job with it", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const { client } = workspace;
      const wait = await startEndless(workspace);
      await client.delete(client.path("configmaps", "endless"));
      const { exitCode, stderr } = await wait.result();
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/^error: There is no job "?endless"?/);
      await vi.waitFor(async () => expect(await workspace.objects()).toEqual([]), PATIENCE);
      expect(await workspace.jobs()).toEqual([]);
      await workspace.submit("endless", "echo again", "--cpu", "10m");
      expect(await workspace.jrun("wait", "endless")).toMatch(/^endless succeeded/m);
    });

    test("that is its controller ends the job, with words", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const { client } = workspace;
      const wait = await startEndless(workspace);
      const { items } = await client.get<{ items: { metadata: { name: string } }[] }>(
        client.path("jobs"),
      );
      for (const { metadata } of items) await client.delete(client.path("jobs", metadata.name));
      const { exitCode, stdout } = await wait.result();
      expect({ exitCode, stdout }).toMatchObject({ exitCode: 1 });
      const { status } = await workspace.job("endless");
      // Its pod's end may still be seen, or not.
      expect(["lost Vanished", "failed ExitCode"]).toContain(`${status.phase} ${status.reason}`);
      expect(stdout).toContain(status.message);
      await workspace.jrun("delete", "endless");
      await vi.waitFor(async () => expect(await workspace.objects()).toEqual([]), PATIENCE);
    });
  },
);
