import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

/** Moments of a command's life at which it is killed. */
const MOMENTS_MS = [150, 300, 450, 600, 900];

const sleep = async (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

async function killAgent(workspace: Workspace): Promise<void> {
  const pid = /process (\d+)/.exec(await workspace.jrun("agent", "--status"))?.[1];
  if (pid !== undefined) process.kill(Number(pid), "SIGKILL");
}

describe.skipIf(!inject("docker").available)("a command killed by SIGKILL", () => {
  test("during submit: the job is there whole, or not at all", async () => {
    await using workspace = await Workspace.create();
    for (const [round, ms] of MOMENTS_MS.entries()) {
      const name = `job-${round}`;
      const line = await workspace.submitLine(name, "echo ran");
      const running = workspace.start(...line);
      await sleep(ms);
      running.kill("SIGKILL");
      await running.result();
      await killAgent(workspace);
      const found = (await workspace.jobs()).filter((job) => job.name === name);
      if (found.length === 0) await workspace.jrun(...line);
      expect(await workspace.jrun("wait", name, "--timeout", "60s")).toContain(`${name} succeeded`);
      expect(await workspace.jrun("logs", name)).toBe("ran\n");
    }
    expect(await workspace.containers()).toHaveLength(MOMENTS_MS.length);
  });

  test("during scale: the number asked for is reached by the next command", async () => {
    await using workspace = await Workspace.create();
    const path = await workspace.file("work.sh", new Gate(workspace, "never").sh);
    const line = ["submit", "JuliaParBatchWorkers", "work", path, "juliarun", "--image", "sh"];
    await workspace.jrun(...line, "--cpu", "10m", "--memory", "16Mi");
    for (const [round, ms] of MOMENTS_MS.entries()) {
      const target = round % 2 === 0 ? 4 : 1;
      const running = workspace.start("scale", "work", String(target), "--wait");
      await sleep(ms);
      running.kill("SIGKILL");
      await running.result();
      await killAgent(workspace);
      const { requested } = JSON.parse(await workspace.jrun("scale", "work", "-o", "json")) as {
        requested: number;
      };
      await workspace.jrun("scale", "work", String(requested), "--wait", "--timeout", "60s");
      const containers = await workspace.containers();
      expect(containers.filter(({ State }) => State === "running")).toHaveLength(requested);
    }
  });

  test("during delete: the next command finishes it", async () => {
    await using workspace = await Workspace.create();
    for (const [round, ms] of MOMENTS_MS.entries()) {
      const name = `job-${round}`;
      await workspace.submit(name, `echo up; ${new Gate(workspace, "never").sh}`);
      await workspace.start("logs", name, "-f").until("up");
      const running = workspace.start("delete", name, "--force");
      await sleep(ms);
      running.kill("SIGKILL");
      await running.result();
      await killAgent(workspace);
      await workspace.jrun("delete", name, "--force", "--ignore-missing");
      expect(await workspace.jobs()).toEqual([]);
      expect(await workspace.containers()).toEqual([]);
    }
  });
});
