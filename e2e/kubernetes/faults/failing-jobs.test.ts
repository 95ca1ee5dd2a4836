import { describe, expect, test, vi } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { evict, podsOf, runningPods } from "../pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const MISSING = "localhost:1/missing:none";

describe.skipIf(whyNoKubernetes() !== undefined)(
  "a job that fails on Kubernetes",
  { concurrent: true },
  () => {
    test("of memory says so, with the limit's exit code", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const greedy = "head -c 200m /dev/zero | tail";
      await workspace.submit("greedy", greedy, "--restart", "never");
      const wait = await workspace.run("wait", "greedy");
      expect(wait).toMatchObject({ exitCode: 1 });
      expect(wait.stdout).toMatch(/out of memory.*memory limit/i);
      const { status } = await workspace.job("greedy");
      expect(status).toMatchObject({ phase: "failed", reason: "OutOfMemory", exitCode: 137 });
      expect(status.units).toMatchObject([{ name: "master", attempts: 1, exitCode: 137 }]);
      expect(await workspace.jrun("status", "greedy")).toContain("OutOfMemory");
    });

    test("is started again up to its limit, and its exit code is kept", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      await workspace.submit("failing", "echo start >>starts; exit 7", "--max-restarts", "1");
      expect(await workspace.run("wait", "failing")).toMatchObject({
        exitCode: 1,
        stdout: expect.stringContaining("exit code 7 after 1 restart"),
      });
      const { status } = await workspace.job("failing");
      expect(status).toMatchObject({ phase: "failed", reason: "ExitCode", exitCode: 7 });
      expect(status.units).toMatchObject([{ attempts: 2 }]);
      expect(await workspace.readFile("failing/starts")).toBe("start\nstart\n");
      await workspace.jrun("delete", "failing");
      await vi.waitFor(async () => expect(await workspace.objects()).toEqual([]), 20_000);
    });

    test("for want of its image names it while it waits, and when it has failed", async ({
      onTestFinished,
    }) => {
      const images = { missing: { image: MISSING, executable: "sh" } };
      await using workspace = await KubeWorkspace.create({ config: { images }, onTestFinished });
      await workspace.submit("imageless", "true", "--image", "missing");
      const wait = workspace.start("wait", "imageless");
      await vi.waitFor(
        async () => {
          const { status } = await workspace.job("imageless");
          expect(status).toMatchObject({ phase: "starting", reason: "ImageNotFound" });
          expect(status.message).toContain(MISSING);
        },
        { timeout: 30_000, interval: 1000 },
      );
      expect(await wait.result()).toMatchObject({
        exitCode: 1,
        stdout: expect.stringContaining(MISSING),
      });
      const { status } = await workspace.job("imageless");
      expect(status).toMatchObject({ phase: "failed", reason: "ImageNotFound" });
      expect(status.message).toContain(MISSING);
      // Nothing goes on trying.
      await vi.waitFor(async () => {
        const pods = await podsOf(workspace.client, "imageless");
        expect(pods.filter((pod) => pod.status.phase === "Pending")).toEqual([]);
      }, 20_000);
    });

    test("of its deadline is stopped and says so", async ({ onTestFinished }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const endless = new Gate(workspace, "never").sh;
      await workspace.submit("endless", endless, "--max-runtime", "3s");
      const wait = await workspace.run("wait", "endless");
      expect(wait).toMatchObject({ exitCode: 1 });
      const { status } = await workspace.job("endless");
      expect(status).toMatchObject({ phase: "failed", reason: "DeadlineExceeded" });
      expect(wait.stdout).toContain(status.message);
      await runningPods(workspace.client, "endless", { count: 0 });
    });

    test("not because the cluster moved it away: it goes on elsewhere, and no restart is counted", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const gate = new Gate(workspace, "go");
      await workspace.submit("moved", `echo start >>starts; ${gate.sh}`, "--restart", "never");
      const wait = workspace.start("wait", "moved");
      const [pod] = await runningPods(workspace.client, "moved");
      if (!pod) throw new Error("no pod");
      await vi.waitFor(
        async () => expect(await workspace.readFile("moved/starts")).toBe("start\n"),
        20_000,
      );
      await evict(workspace.client, pod);
      await vi.waitFor(
        async () => expect(await workspace.readFile("moved/starts")).toBe("start\nstart\n"),
        { timeout: 60_000, interval: 250 },
      );
      // The program tells before its node does.
      await vi.waitFor(async () => {
        const { status } = await workspace.job("moved");
        expect(status).toMatchObject({ phase: "running", units: [{ attempts: 1 }] });
      }, 20_000);
      await gate.open();
      await wait.success();
      expect((await workspace.job("moved")).status).toMatchObject({ phase: "succeeded" });
    });
  },
);
