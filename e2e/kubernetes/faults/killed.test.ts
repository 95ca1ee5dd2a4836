import { describe, expect, test, vi } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { runningPods } from "../pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

/** Moments of a command's life at which it is killed. */
const MOMENTS_MS = [300, 700, 1100];

const sleep = async (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

async function killAgent(workspace: KubeWorkspace): Promise<void> {
  const pid = /process (\d+)/.exec(await workspace.jrun("agent", "--status"))?.[1];
  if (pid !== undefined) process.kill(Number(pid), "SIGKILL");
}

/** Starts a command, and kills it and the agent without a warning. */
async function killAfter(workspace: KubeWorkspace, ms: number, line: string[]): Promise<void> {
  const running = workspace.start(...line);
  await sleep(ms);
  running.kill("SIGKILL");
  await running.result();
  await killAgent(workspace);
}

describe.skipIf(whyNoKubernetes() !== undefined)(
  "a command killed by SIGKILL on Kubernetes",
  { concurrent: true },
  () => {
    test("during submit: the job is there whole, or not at all", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      for (const [round, ms] of MOMENTS_MS.entries()) {
        const name = `job-${round}`;
        const line = await workspace.submitLine(name, "echo ran", "--cpu", "10m");
        await killAfter(workspace, ms, line);
        const found = (await workspace.jobs()).filter((job) => job.name === name);
        if (found.length === 0) await workspace.jrun(...line);
        expect(await workspace.jrun("wait", name, "--timeout", "60s")).toContain("succeeded");
        expect(await workspace.jrun("logs", name)).toBe("ran\n");
      }
      const pods = (await workspace.objects()).filter((name) => name.startsWith("pods/"));
      expect(pods).toHaveLength(MOMENTS_MS.length);
    });

    test("during scale: the number asked for is reached by the next command", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const path = await workspace.file("work.sh", new Gate(workspace, "never").sh);
      const line = ["submit", "JuliaParBatchWorkers", "work", path, "juliarun", "--image", "sh"];
      await workspace.jrun(...line, "--nworkers", "1", "--cpu", "10m", "--memory", "16Mi");
      for (const [round, ms] of MOMENTS_MS.entries()) {
        const target = round % 2 === 0 ? 3 : 1;
        await killAfter(workspace, ms, ["scale", "work", String(target), "--wait"]);
        const { requested } = JSON.parse(await workspace.jrun("scale", "work", "-o", "json")) as {
          requested: number;
        };
        await workspace.jrun("scale", "work", String(requested), "--wait", "--timeout", "60s");
        const pods = await runningPods(workspace.client, "work", { count: requested });
        expect(pods).toHaveLength(requested);
      }
    });

    test("during delete: the next command finishes it", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      for (const [round, ms] of MOMENTS_MS.entries()) {
        const name = `job-${round}`;
        const script = `echo up; ${new Gate(workspace, "never").sh}`;
        await workspace.submit(name, script, "--cpu", "10m");
        await runningPods(workspace.client, name);
        await killAfter(workspace, ms, ["delete", name, "--force"]);
        await workspace.jrun("delete", name, "--force", "--ignore-missing");
        expect(await workspace.jobs()).toEqual([]);
        await vi.waitFor(async () => expect(await workspace.objects()).toEqual([]), 20_000);
      }
    });

    test("while it waits for a job with a deadline: the agent ends the job in time", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const endless = new Gate(workspace, "never").sh;
      await workspace.submit("endless", endless, "--max-runtime", "8s", "--cpu", "10m");
      const wait = workspace.start("wait", "endless");
      await runningPods(workspace.client, "endless");
      wait.kill("SIGKILL");
      await wait.result();
      // Nobody waits: the agent acts, once the lease of the dead has run out.
      await runningPods(workspace.client, "endless", { count: 0 });
      expect((await workspace.job("endless")).status).toMatchObject({ reason: "DeadlineExceeded" });
    });

    test("with its agent: the next command goes on", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const gate = new Gate(workspace, "go");
      await workspace.submit("first", gate.sh, "--cpu", "10m");
      await workspace.submit("second", "echo ran", "--cpu", "10m", "--after", "first");
      const wait = workspace.start("wait", "second");
      await runningPods(workspace.client, "first");
      wait.kill("SIGKILL");
      await wait.result();
      await killAgent(workspace);
      await gate.open();
      expect(await workspace.jrun("wait", "second")).toContain("second succeeded");
      expect(await workspace.jrun("logs", "second")).toBe("ran\n");
    });
  },
);
