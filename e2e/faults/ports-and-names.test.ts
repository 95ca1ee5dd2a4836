import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import type { JobStatus } from "@juliarun/core";
import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

/** The end of a job that wants a host's port. */
async function submitWith(workspace: Workspace, port: number): Promise<JobStatus> {
  const ports = ["--ports", `http:8080:${port}`, "--external", "--restart", "never"];
  await workspace.submit("late", "true", ...ports);
  await workspace.run("wait", "late");
  return (await workspace.job("late")).status;
}

describe.skipIf(!inject("docker").available)("a host port that is taken", () => {
  test("by another job fails the job, with the reason", async () => {
    await using workspace = await Workspace.create();
    const port = await freePort();
    const gate = new Gate(workspace, "go");
    await workspace.submit("early", gate.sh, "--ports", `http:8080:${port}`, "--external");
    const status = await submitWith(workspace, port);
    expect(status).toMatchObject({ phase: "failed", reason: "PortTaken" });
    expect(status.message).toContain(String(port));
    expect((await workspace.job("early")).status.phase).toBe("running");
  });

  test("by a program of the host fails the job, with the reason", async () => {
    await using workspace = await Workspace.create();
    const server = createServer().listen(0, "0.0.0.0");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const status = await submitWith(workspace, port);
      expect(status).toMatchObject({ phase: "failed", reason: "PortTaken" });
      expect(status.message).toContain(String(port));
    } finally {
      server.close();
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "0.0.0.0");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe.skipIf(!inject("docker").available)("namespaces", () => {
  test("hold jobs of the same name, each its own", async () => {
    await using workspace = await Workspace.create();
    await using other = await Workspace.create();
    const there = ["-n", other.namespace];
    const script = "echo in $JRUN_NAMESPACE";
    await workspace.submit("same", script);
    await workspace.submit("same", script, ...there);
    await workspace.jrun("wait", "same");
    await workspace.jrun("wait", "same", ...there);
    expect(await workspace.jrun("logs", "same")).toBe(`in ${workspace.namespace}\n`);
    expect(await workspace.jrun("logs", "same", ...there)).toBe(`in ${other.namespace}\n`);
    expect(await workspace.jrun("logs")).not.toContain(other.namespace);
    await workspace.jrun("delete", "same");
    expect(await workspace.jobs()).toEqual([]);
    expect(JSON.parse(await workspace.jrun("ls", "-o", "json", ...there))).toHaveLength(1);
  });

  test("have networks of their own: names do not resolve across them", async () => {
    await using workspace = await Workspace.create();
    await using other = await Workspace.create();
    const gate = new Gate(workspace, "go");
    const there = ["-n", other.namespace];
    await workspace.submit("far", gate.sh, ...there);
    await workspace.submit("near", gate.sh);
    const seek = "nslookup near || exit 3; nslookup far && exit 4; exit 0";
    await workspace.submit("seeker", seek, "--restart", "never");
    await workspace.run("wait", "seeker");
    expect((await workspace.job("seeker")).status).toMatchObject({ exitCode: 0 });
  });
});
