import { describe, expect, inject, test } from "vitest";
import { Visitor } from "../jrun/visitor.ts";
import { pageLine, pageUrl } from "../jrun/web-page.ts";
import { Workspace } from "../jrun/workspace.ts";

const PORTS = ["--ports", "http:8080:80"];
const REPLICAS = ["--nworkers", "2", ...PORTS];
const EXIT_CONFLICT = 4;
const PATIENCE = { timeout: 20_000 };

async function create(): Promise<Workspace> {
  const { images } = inject("docker");
  return Workspace.create({
    config: {
      images: {
        sh: { image: images.busybox, executable: "sh" },
        haproxy: { image: images.haproxy, executable: "haproxy" },
      },
    },
  });
}

async function untilReady(workspace: Workspace, units: number): Promise<void> {
  const ready = async (): Promise<unknown> => {
    const { phase, nworkersRunning } = (await workspace.job("web")).status;
    return [phase, nworkersRunning];
  };
  await expect.poll(ready, { timeout: 30_000 }).toEqual(["running", units]);
}

describe.skipIf(!inject("docker").available)("services on Docker", () => {
  test("answer with all containers at one port of this machine, and are updated without a failed request", async () => {
    await using workspace = await create();
    await workspace.jrun(...(await pageLine(workspace, "submit", "old", ...REPLICAS)));
    await untilReady(workspace, 2);
    const url = await pageUrl(workspace);
    expect(new URL(url).hostname).toBe("127.0.0.1");

    await using visitor = new Visitor(url);
    const heard = (): string[] => [...visitor.answers.keys()].toSorted();
    await expect.poll(heard, PATIENCE).toEqual(["old worker-0", "old worker-1"]);
    const update = await pageLine(workspace, "update", "new", ...REPLICAS, "--wait");
    expect(await workspace.jrun(...update)).toContain("updated: web");
    visitor.answers.clear();
    await expect.poll(heard, PATIENCE).toEqual(["new worker-0", "new worker-1"]);
    expect(visitor.failures).toEqual([]);
    expect(await pageUrl(workspace)).toBe(url);

    await workspace.jrun("delete", "web", "--force");
    expect(await workspace.objects()).toEqual([]);
  });

  test("are reached by other jobs by name, at the service port", async () => {
    await using workspace = await create();
    await workspace.jrun(...(await pageLine(workspace, "submit", "page", ...PORTS)));
    await untilReady(workspace, 1);
    const script = "for port in 80 8080; do wget -q -O - http://web:$port/; done";
    await workspace.submit("client", script);
    await workspace.jrun("wait", "client");
    expect(await workspace.jrun("logs", "client")).toBe("page worker-0\n".repeat(2));
  });

  test("go on when a container is killed under load, which comes back", async () => {
    await using workspace = await create();
    await workspace.jrun(...(await pageLine(workspace, "submit", "page", ...REPLICAS)));
    await untilReady(workspace, 2);
    await using visitor = new Visitor(await pageUrl(workspace));
    const container = await workspace.container("web", "worker-0");
    await container.kill();
    const before = visitor.count;
    await expect.poll(() => visitor.count - before, PATIENCE).toBeGreaterThan(50);
    await untilReady(workspace, 2);
    // One at most was being answered by the container that was killed.
    expect(visitor.failures.length).toBeLessThanOrEqual(1);
    visitor.answers.clear();
    await expect
      .poll(() => [...visitor.answers.keys()].toSorted(), PATIENCE)
      .toEqual(["page worker-0", "page worker-1"]);
  });

  test("keep what works when an update does not, and say so", async () => {
    await using workspace = await create();
    const line = await pageLine(workspace, "submit", "old", ...PORTS);
    await workspace.jrun(...line);
    await untilReady(workspace, 1);
    const url = await pageUrl(workspace);
    const flags = ["--command", "sh", "--command", "-c", "--args", "exit 3", ...PORTS, "--wait"];
    const update = await workspace.run("update", "Generic", "web", "sh", "juliarun", ...flags);
    expect(update).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("stopped at worker-0"),
    });
    expect((await (await fetch(url)).text()).trim()).toBe("old worker-0");
    const back = line.with(0, "update");
    expect(await workspace.jrun(...back, "--wait")).toContain("updated: web");
  });

  test("are ready when they answer at the path that says so", async () => {
    await using workspace = await create();
    const serve = "httpd -f -p 8080 -h /mnt/juliarun & trap 'kill $!' TERM; wait";
    const flags = ["--command", "sh", "--command", "-c", "--args", serve, ...PORTS];
    const line = ["submit", "Generic", "web", "sh", "juliarun", ...flags];
    await workspace.jrun(...line, "--ready-path", "/ready.txt");
    const reason = async (): Promise<string> => (await workspace.job("web")).status.reason;
    await expect.poll(reason, { timeout: 30_000 }).toBe("NotReady");
    await workspace.file("ready.txt", "ready\n");
    await untilReady(workspace, 1);
    expect(await (await fetch(`${await pageUrl(workspace)}ready.txt`)).text()).toBe("ready\n");
  });

  test("have no endpoint before they answer", async () => {
    await using workspace = await create();
    const flags = ["--command", "sleep", "--args", "600", ...PORTS];
    await workspace.jrun("submit", "Generic", "web", "sh", "juliarun", ...flags);
    const reason = async (): Promise<string> => (await workspace.job("web")).status.reason;
    await expect.poll(reason, { timeout: 30_000 }).toBe("NotReady");
    expect(await workspace.run("endpoint", "web")).toMatchObject({ exitCode: EXIT_CONFLICT });
  });
});
