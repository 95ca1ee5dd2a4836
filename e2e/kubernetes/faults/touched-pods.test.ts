import { describe, expect, test, vi } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { runningPods, type TestPod } from "../pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const PATIENCE = { timeout: 60_000, interval: 250 };

async function deleteByHand({ client }: KubeWorkspace, { metadata }: TestPod): Promise<void> {
  await client.delete(client.path("pods", metadata.name));
}

describe.skipIf(whyNoKubernetes() !== undefined)(
  "a pod deleted by hand",
  { concurrent: true },
  () => {
    test("of a worker is replaced; the others are not touched, and the job succeeds", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const { client } = workspace;
      const gate = new Gate(workspace, "go");
      const path = await workspace.file("work.sh", gate.sh);
      const line = ["submit", "JuliaParBatchWorkers", "work", path, "juliarun", "--image", "sh"];
      const sizes = ["--nworkers", "2", "--cpu", "10m", "--memory", "16Mi"];
      await workspace.jrun(...line, ...sizes);
      const wait = workspace.start("wait", "work");
      const [victim, other] = await runningPods(client, "work", { count: 2 });
      if (!victim || !other) throw new Error("no pods");
      await deleteByHand(workspace, victim);
      await vi.waitFor(async () => {
        const names = (await runningPods(client, "work", { count: 2 })).map(uidOf);
        expect(names).not.toContain(uidOf(victim));
        expect(names).toContain(uidOf(other));
      }, PATIENCE);
      await gate.open();
      expect(await wait.success()).toMatch(/^work succeeded/m);
      expect((await workspace.job("work")).status).toMatchObject({ nworkersSucceeded: 2 });
    });

    test("of a master comes again under its name, with workers, and the job succeeds", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const { client } = workspace;
      const gate = new Gate(workspace, "go");
      const master = [
        "using Distributed, JuliaRun",
        "init_parallel()",
        "wait_for_workers(2)",
        'hosts = [remotecall_fetch(() -> ENV["JRUN_MASTER_HOST"], w) for w in workers()]',
        'println("together at ", join(unique(hosts), " "))',
        gate.julia,
        'println("sum ", sum(pmap(x -> x^2, 1:10)))',
      ];
      const path = await workspace.file("master.jl", master.join("\n"));
      const line = ["submit", "JuliaParBatch", "pi", path, "juliarun", "--nworkers", "2"];
      await workspace.jrun(...line, "--cpu", "50m", "--worker-cpu", "50m");
      const wait = workspace.start("wait", "pi");
      const together = async (times: number): Promise<void> =>
        vi.waitFor(async () => {
          const output = await workspace.readFile("pi/log/master.stdout");
          expect(output.split("together at pi").length - 1).toBe(times);
        }, PATIENCE);
      await together(1);
      const [first] = await runningPods(client, "pi", { role: "master" });
      if (!first) throw new Error("no master");
      await deleteByHand(workspace, first);
      await together(2);
      const [second] = await runningPods(client, "pi", { role: "master" });
      expect(second && uidOf(second)).not.toBe(uidOf(first));
      await gate.open();
      expect(await wait.success()).toMatch(/^pi succeeded/m);
      expect(await workspace.readFile("pi/log/master.stdout")).toContain("sum 385");
      expect((await workspace.job("pi")).status).toMatchObject({
        succeeded: true,
        nworkersSucceeded: 2,
      });
      await workspace.jrun("delete", "pi");
      await vi.waitFor(async () => expect(await workspace.objects()).toEqual([]), PATIENCE);
    });
  },
);

function uidOf({ metadata }: TestPod): string {
  return metadata.uid;
}
