import { describe, expect, inject, test } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { ApiServer, whyNoStop } from "../api-server.ts";
import { podsOf } from "../pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const EXIT_UNREACHABLE = 6;
const TIMEOUT_MS = 300_000;

const reason = whyNoKubernetes() ?? (await whyNoStop());
if (inject("kubernetes").available && reason !== undefined)
  console.warn(`\nSKIPPED: stopping the API server, because: ${reason}\n`);

// Alone: all tests of the cluster would notice.
describe.skipIf(reason !== undefined)("an API server that stops and comes back", () => {
  test("loses no job, no line and no outcome", { timeout: TIMEOUT_MS }, async () => {
    await using workspace = await KubeWorkspace.create();
    const gate = new Gate(workspace, "go");
    const count =
      "i=0; until [ -e /mnt/juliarun/go ]; do i=$((i+1)); echo line $i; sleep 0.05; done";
    await workspace.submit("chatty", `${count}; exit 3`, "--restart", "never", "--cpu", "20m");
    const wait = workspace.start("wait", "chatty");
    const watch = workspace.start("status", "chatty", "--watch");
    const logs = workspace.start("logs", "chatty", "-f");
    await logs.until("line 40\n");
    await watch.until("running");

    await using server = await ApiServer.of(workspace.client);
    const line = async (name: string): Promise<string[]> =>
      workspace.submitLine(name, "echo ran", "--cpu", "20m");
    const early = workspace.start(...(await line("early")));
    await server.stop();
    const late = await workspace.run(...(await line("late")));
    expect(late).toMatchObject({ exitCode: EXIT_UNREACHABLE, stdout: "" });
    expect(late.stderr).toMatch(/error: The Kubernetes API server at \S+ does not answer/);
    expect(late.stderr).toContain("jrun doctor");
    // It ends while nobody can be told.
    await gate.open();
    await server.start();

    expect(await wait.result()).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^chatty failed after .*exit code 3/m),
    });
    expect((await watch.result()).stdout).toMatch(/failed/);
    await logs.result();
    expect(logs.stdout).toBe(await workspace.readFile("chatty/log/master.stdout"));

    expect([0, EXIT_UNREACHABLE]).toContain((await early.result()).exitCode);
    for (const name of ["early", "late"]) {
      // What was not answered may have been done: then it is that job.
      await workspace.jrun(...(await line(name)));
      expect(await workspace.jrun("wait", name)).toContain(`${name} succeeded`);
      expect(await workspace.jrun("logs", name)).toBe("ran\n");
      expect(await podsOf(workspace.client, name)).toHaveLength(1);
    }
  });
});
