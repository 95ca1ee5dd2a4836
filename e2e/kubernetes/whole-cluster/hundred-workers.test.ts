import { describe, expect, test, vi } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { podsOf, runningPods, runs, type TestPod } from "../pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const WORKERS = 100;
const TIMEOUT_MS = 300_000;
const PATIENCE_MS = 150_000;

describe.skipIf(whyNoKubernetes() !== undefined)("a hundred workers", () => {
  test("are not touched when one of them fails for good", { timeout: TIMEOUT_MS }, async () => {
    await using workspace = await KubeWorkspace.create();
    const { client } = workspace;
    const [fail, finish] = [new Gate(workspace, "fail"), new Gate(workspace, "finish")];
    const script = [
      `if [ "$JRUN_WORKER_INDEX" = 42 ]; then ${fail.sh}; exit 9; fi`,
      // Every worker looks for its file, on one machine: not too often.
      finish.sh.replace("sleep 0.05", "sleep 3"),
    ].join("\n");
    const path = await workspace.file("work.sh", script);
    const line = ["submit", "JuliaParBatchWorkers", "work", path, "juliarun", "--image", "sh"];
    const sizes = ["--cpu", "1m", "--memory", "16Mi", "--max-restarts", "1"];
    await workspace.jrun(...line, ...sizes, "--nworkers", String(WORKERS));
    const before = await runningPods(client, "work", { count: WORKERS, patienceMs: PATIENCE_MS });
    const wait = workspace.start("wait", "work");
    await fail.open();
    await vi.waitFor(
      async () => {
        const { units } = (await workspace.job("work")).status;
        const ended = units.filter(({ phase }) => phase !== "running");
        expect(ended).toMatchObject([{ name: "worker-42", phase: "failed", attempts: 2 }]);
      },
      { timeout: PATIENCE_MS, interval: 1000 },
    );
    const after = (await podsOf(client, "work")).filter((pod) => runs(pod) && isOther(pod));
    const others = before.filter(isOther);
    expect(uidsOf(after)).toEqual(uidsOf(others));
    expect(after.flatMap(({ status }) => status.containerStatuses ?? [])).toEqual(
      others.map(() => expect.objectContaining({ restartCount: 0 })),
    );
    await finish.open();
    expect(await wait.result()).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/1 of 100 workers failed; worker-42: .*exit code 9/),
    });
    expect((await workspace.job("work")).status).toMatchObject({
      phase: "failed",
      nworkersSucceeded: WORKERS - 1,
    });
  });
});

function isOther(pod: TestPod): boolean {
  return indexOf(pod) !== "42";
}

function indexOf({ metadata }: TestPod): string | undefined {
  return metadata.annotations?.["batch.kubernetes.io/job-completion-index"];
}

function uidsOf(pods: readonly TestPod[]): string[] {
  return pods.map(({ metadata }) => metadata.uid).toSorted();
}
