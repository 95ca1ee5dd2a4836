import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const running = async (workspace: KubeWorkspace): Promise<number | undefined> => {
  const pid = /process (\d+)/.exec(await workspace.jrun("agent", "--status"))?.[1];
  return pid === undefined ? undefined : Number(pid);
};

const reason = whyNoKubernetes();

describe.skipIf(reason !== undefined)("the agent of a namespace", () => {
  test("does what controllers do not when all commands have exited, then ends by itself", async () => {
    await using workspace = await KubeWorkspace.create();
    const gate = new Gate(workspace, "go");
    await workspace.submit("first", gate.sh);
    await workspace.submit("then", "echo ran", "--after", "first");
    expect(await running(workspace)).toBeDefined();
    await gate.open();
    await expect.poll(async () => running(workspace), { timeout: 60_000 }).toBeUndefined();
    expect(await workspace.readFile("then/log/master.stdout")).toBe("ran\n");
    for (const { status } of await workspace.jobs()) expect(status.phase).toBe("succeeded");
  });

  test("gets secrets of the configuration neither as arguments nor in its environment", async () => {
    await using workspace = await KubeWorkspace.create();
    const gate = new Gate(workspace, "go");
    process.env["MY_TOKEN"] = "secret";
    await workspace.submit("a", gate.sh);
    delete process.env["MY_TOKEN"];
    await expect.poll(async () => running(workspace), { timeout: 15_000 }).toBeDefined();
    const pid = await running(workspace);
    const config = await readFile(join(workspace.folder, "config.json"), "utf8");
    const { token } = (JSON.parse(config) as { compute: { auth: { token: string } } }).compute.auth;
    for (const file of ["environ", "cmdline"]) {
      const text = await readFile(`/proc/${pid}/${file}`, "utf8");
      expect(text).not.toContain("MY_TOKEN");
      expect(text).not.toContain(token);
      expect(text).not.toContain(Buffer.from(token, "base64").toString());
    }
    expect(await workspace.jrun("agent", "--stop")).toBe("the agent has ended\n");
    expect(await running(workspace)).toBeUndefined();
    expect(await workspace.jrun("doctor")).toMatch(
      /^warn {2}agent: none runs, with 1 unfinished job$/m,
    );
    await gate.open();
    expect(await workspace.run("agent")).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("nothing is left to do"),
    });
    expect((await workspace.job("a")).status.phase).toBe("succeeded");
  });
});
