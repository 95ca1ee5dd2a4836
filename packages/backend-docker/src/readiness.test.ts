import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isHealthy, toHealthcheck } from "./readiness.ts";

let folder = "";
let server: Server;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jrun-ready-"));
  server = createServer((request, response) => {
    response.statusCode = request.url === "/up" ? 200 : 404;
    response.end();
  });
});

afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Exit code of the check, run as the engine runs it, but for the file that it leaves. */
async function check(readiness: Parameters<typeof toHealthcheck>[0]): Promise<number> {
  const { Test = [] } = toHealthcheck(readiness);
  const [, program = "", ...words] = Test;
  const child = spawn(program, [...words.slice(0, -1), join(folder, "ready")], { stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number];
  return code;
}

async function listen(host: string): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe.runIf(process.platform === "linux")("the health check", () => {
  it.each(["0.0.0.0", "::"])("succeeds while something listens at %s", async (host) => {
    const port = await listen(host);
    expect(await check({ kind: "tcp", port })).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    await rm(join(folder, "ready"));
    expect(await check({ kind: "tcp", port })).toBe(1);
  });

  it("does not count what only the container itself can reach", async () => {
    const port = await listen("127.0.0.1");
    expect(await check({ kind: "tcp", port })).toBe(1);
  });

  it("asks for the page where there is one to ask for", async () => {
    const port = await listen("0.0.0.0");
    expect(await check({ kind: "http", port, path: "/none" })).toBe(1);
    expect(await check({ kind: "http", port, path: "/up" })).toBe(0);
  });
});

it.each([
  ["Up 5 minutes (healthy)", true],
  ["Up 5 minutes (unhealthy)", false],
  ["Up 1 second (health: starting)", false],
  ["Up 5 minutes", false],
])("reads the engine's list: %s", (status, healthy) => {
  expect(isHealthy(status)).toBe(healthy);
});
