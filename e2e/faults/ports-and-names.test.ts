import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

const EXIT_CONFLICT = 4;

/** The flags of a job that wants a host's port. */
const wanting = (port: number): string[] => ["--ports", `http:8080:${port}`, "--external"];

/** A program of this machine that has a port, this one or any. */
async function listen(wanted = 0): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer().listen(wanted, "0.0.0.0");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.close();
    await once(server, "close");
  };
  return { port, [Symbol.asyncDispose]: close };
}

describe.skipIf(!inject("docker").available)("a host port that is taken", () => {
  test("by another job, be it queued, is refused, and nothing is left", async () => {
    const capacity = { cpu: "100m", memory: "1Gi" };
    await using workspace = await Workspace.create({ compute: { capacity } });
    const [port, other] = [await freePort(), await freePort()];
    const gate = new Gate(workspace, "go");
    await workspace.submit("early", gate.sh, ...wanting(port));
    await workspace.submit("queued", "true", ...wanting(other));
    expect((await workspace.job("queued")).status.phase).toBe("queued");
    for (const [taken, holder] of [
      [port, "early"],
      [other, "queued"],
    ] as const) {
      const line = await workspace.submitLine("late", "true", ...wanting(taken));
      const { exitCode, stderr } = await workspace.run(...line);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: EXIT_CONFLICT });
      expect(stderr).toContain(`Port ${taken} of the host is that of job ${holder}`);
    }
    expect((await workspace.jobs()).map(({ name }) => name)).toEqual(["early", "queued"]);
    await workspace.submit("next", "true", ...wanting(port), "--after", "early");
    await gate.open();
    expect(await workspace.jrun("wait", "next")).toContain("next succeeded");
  });

  test("is given to one of two commands that ask for it at once", async () => {
    await using workspace = await Workspace.create();
    const port = await freePort();
    const gate = new Gate(workspace, "go");
    const lines = await Promise.all(
      ["one", "two"].map(async (name) => workspace.submitLine(name, gate.sh, ...wanting(port))),
    );
    const results = await Promise.all(lines.map(async (line) => workspace.run(...line)));
    const exitCodes = results.map(({ exitCode }) => exitCode);
    expect(new Set(exitCodes)).toEqual(new Set([0, EXIT_CONFLICT]));
    expect(await workspace.jobs()).toHaveLength(1);
    await gate.open();
  });

  test("by a program of the host is refused, and nothing is left", async () => {
    await using workspace = await Workspace.create();
    await using program = await listen();
    const line = await workspace.submitLine("late", "true", ...wanting(program.port));
    const { exitCode, stderr } = await workspace.run(...line);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: EXIT_CONFLICT });
    expect(stderr).toContain(`Port ${program.port} of the host is that of a program`);
    expect(await workspace.jobs()).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
  });

  test("while the job waits fails it when its turn comes, with the reason", async () => {
    await using workspace = await Workspace.create();
    const port = await freePort();
    const gate = new Gate(workspace, "go");
    await workspace.submit("first", gate.sh);
    const flags = [...wanting(port), "--restart", "never", "--after", "first"];
    await workspace.submit("late", "true", ...flags);
    await using program = await listen(port);
    await gate.open();
    await workspace.run("wait", "late");
    const { status } = await workspace.job("late");
    expect(status).toMatchObject({ phase: "failed", reason: "PortTaken" });
    expect(status.message).toContain(String(program.port));
  });
});

async function freePort(): Promise<number> {
  await using program = await listen();
  return program.port;
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
