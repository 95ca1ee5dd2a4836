import { describe, expect, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { deadlines, restarts, surroundings } from "../jrun/life-cycle.ts";
import { readOnlyIsKept } from "../jrun/read-only.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();

describe.skipIf(reason !== undefined)("jobs of every Julia type, on Kubernetes", () => {
  test("end at their deadline", async () => {
    await using workspace = await KubeWorkspace.create();
    await deadlines(workspace);
    expect(await workspace.jobs()).toHaveLength(3);
  });

  test("are restarted as often as they ask for", async () => {
    await using workspace = await KubeWorkspace.create();
    await restarts(workspace);
    expect(await workspace.jobs()).toHaveLength(4);
  });

  test("have environments, labels, dependencies and an end of their own", async () => {
    await using workspace = await KubeWorkspace.create();
    await surroundings(workspace);
    expect(await workspace.jobs()).toHaveLength(4);
  });

  test("cannot write to a read-only volume", async () => {
    await using workspace = await KubeWorkspace.create();
    await readOnlyIsKept(workspace);
    expect(await workspace.jobs()).toHaveLength(1);
  });

  test("may wait longer than they may run: the deadline counts from the start", async () => {
    await using workspace = await KubeWorkspace.create();
    const gate = new Gate(workspace, "go");
    await workspace.submit("early", gate.sh);
    await workspace.submit("late", "sleep 1", "--after", "early", "--max-runtime", "12s");
    const { createdAt } = await workspace.job("late");
    await expect.poll(() => Date.now() - createdAt, { timeout: 30_000 }).toBeGreaterThan(12_000);
    expect((await workspace.job("late")).status).toMatchObject({ phase: "queued" });
    await gate.open();
    expect(await workspace.jrun("wait", "late")).toContain("late succeeded");
  });
});
