import { describe, expect, test } from "vitest";
import { deadlines, restarts, surroundings } from "../jrun/life-cycle.ts";
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
});
