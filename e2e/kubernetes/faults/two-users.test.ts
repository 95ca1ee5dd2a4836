import { init, juliaBatch } from "@juliarun/sdk";
import { describe, expect, test, vi } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { podsOf } from "../pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const EXIT_EXISTS = 4;

describe.skipIf(whyNoKubernetes() !== undefined)(
  "two users of a namespace on Kubernetes",
  { concurrent: true },
  () => {
    test("who submit the same job at once get one, and are both told of it", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const gate = new Gate(workspace, "go");
      const line = await workspace.submitLine("same", `${gate.sh}; echo ran`, "--cpu", "10m");
      const results = await Promise.all([workspace.run(...line), workspace.run(...line)]);
      expect(results).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
      const [made, told] = results.toSorted((a, b) => b.stdout.length - a.stdout.length);
      expect(made?.stdout).toMatch(/^submitted: same/);
      expect(told).toMatchObject({ stdout: "", stderr: expect.stringMatching(/^note: .*same/) });
      await gate.open();
      await workspace.jrun("wait", "same");
      expect(await podsOf(workspace.client, "same")).toHaveLength(1);
      expect(await workspace.readFile("same/log/master.stdout")).toBe("ran\n");
    });

    test("who submit different jobs of one name at once: one is told that the name is taken", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const line = await workspace.submitLine("same", "echo $1", "--cpu", "10m");
      const results = await Promise.all(
        ["one", "two"].map(async (word) => workspace.run(...line, "--args", word)),
      );
      const won = results.findIndex(({ exitCode }) => exitCode === 0);
      const lost = results[1 - won];
      expect(lost).toMatchObject({ exitCode: EXIT_EXISTS });
      expect(lost?.stderr).toMatch(/A job same with other parameters exists/);
      await workspace.jrun("wait", "same");
      expect(await workspace.jrun("logs", "same")).toBe(`${["one", "two"][won]}\n`);
      expect(await podsOf(workspace.client, "same")).toHaveLength(1);
    });

    test("may delete and submit one name again and again: each job is a new one", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const uids = new Set<string>();
      for (let round = 0; round < 5; round++) {
        const script = `echo round ${round}`;
        expect(await workspace.submit("again", script, "--cpu", "10m")).toMatch(
          /^submitted: again/,
        );
        uids.add((await workspace.job("again")).uid);
        // In every second round it still runs, or has not even started.
        if (round % 2 === 0) await workspace.jrun("wait", "again");
        await workspace.jrun("delete", "again", "--force");
      }
      expect(uids.size).toBe(5);
      await vi.waitFor(async () => expect(await workspace.objects()).toEqual([]), 20_000);
    });

    test("of which each has a namespace see, and touch, only their own jobs", async ({
      onTestFinished,
    }) => {
      await using mine = await KubeWorkspace.create({ onTestFinished });
      await using theirs = await KubeWorkspace.create({ onTestFinished });
      await theirs.submit("theirs", "echo ran", "--cpu", "10m");
      await theirs.jrun("wait", "theirs");
      const before = await theirs.objects();

      const env = { ...process.env, JRUN_STATE_DIR: mine.stateFolder };
      await using ctx = await init({ cwd: mine.folder, env });
      const job = juliaBatch({
        name: "theirs",
        startScript: await mine.file("mine.sh", "echo mine"),
        runVolume: "juliarun",
        image: "sh",
        cpu: "10m",
        memory: "32Mi",
      });
      expect(await ctx.list()).toEqual([]);
      await ctx.submit(job);
      await ctx.wait(job);
      expect((await ctx.list()).map(({ namespace }) => namespace)).toEqual([mine.namespace]);
      expect(await ctx.delete(job)).toBe(true);

      // Not even by name: the rights end at the namespace, and who says so names both.
      await ctx.useNamespace(theirs.namespace);
      const forbidden = { code: "FORBIDDEN", message: expect.stringContaining(theirs.namespace) };
      await expect(ctx.list()).rejects.toMatchObject(forbidden);
      await expect(ctx.delete(job)).rejects.toMatchObject(forbidden);
      expect(await theirs.objects()).toEqual(before);
    });
  },
);
