import { describe, expect, test } from "vitest";
import { Visitor } from "../jrun/visitor.ts";
import { pageLine, pageUrl } from "../jrun/web-page.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();

const PORTS = ["--ports", "http:8080:80"];
const REPLICAS = ["--nworkers", "2", ...PORTS];
const PATIENCE = { timeout: 60_000 };

async function untilReady(workspace: KubeWorkspace, units: number): Promise<void> {
  const ready = async (): Promise<unknown> => {
    const { phase, nworkersRunning } = (await workspace.job("web")).status;
    return [phase, nworkersRunning];
  };
  await expect.poll(ready, PATIENCE).toEqual(["running", units]);
}

describe.skipIf(reason !== undefined)("services on Kubernetes", () => {
  test("answer with all pods at the nodes' ports, and are updated without a failed request", async () => {
    const config = { externalsvc: "NodePort" };
    await using workspace = await KubeWorkspace.create({ administrator: true, config });
    const flags = [...REPLICAS, "--external"];
    await workspace.jrun(...(await pageLine(workspace, "submit", "old", ...flags)));
    await untilReady(workspace, 2);
    await using visitor = new Visitor(await pageUrl(workspace));
    const heard = (): string[] => [...visitor.answers.keys()].toSorted();
    await expect.poll(heard, PATIENCE).toEqual(["old worker-0", "old worker-1"]);
    const update = await pageLine(workspace, "update", "new", ...flags, "--wait");
    expect(await workspace.jrun(...update)).toContain("updated: web");
    await untilReady(workspace, 2);
    // The one more that there is during an update still answers while it leaves.
    const heardAnew = (): string[] => {
      const answers = heard();
      visitor.answers.clear();
      return answers;
    };
    const seconds = { timeout: 20_000, interval: 1000 };
    await expect.poll(heardAnew, seconds).toEqual(["new worker-0", "new worker-1"]);
    expect(visitor.failures).toEqual([]);
    await workspace.jrun("delete", "web", "--force");
    expect(await workspace.objects()).toEqual([]);
  });

  test("are reached by other jobs by name, and need no more rights than other jobs", async () => {
    await using workspace = await KubeWorkspace.create();
    await workspace.jrun(...(await pageLine(workspace, "submit", "page", ...PORTS)));
    await untilReady(workspace, 1);
    const script = "for port in 80 8080; do wget -q -O - http://web:$port/; done";
    await workspace.submit("client", script, "--cpu", "20m");
    await workspace.jrun("wait", "client");
    expect(await workspace.jrun("logs", "client")).toBe("page worker-0\n".repeat(2));
    const update = await pageLine(workspace, "update", "next", ...PORTS, "--wait");
    expect(await workspace.jrun(...update)).toContain("updated: web");
  });
});
