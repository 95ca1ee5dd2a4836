import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, describe, expect, it } from "vitest";
import { KubeClient } from "./client.ts";

const servers: Server[] = [];
const clients: KubeClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A client of a server that answers so. */
async function open(listener: RequestListener, path = ""): Promise<KubeClient> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "cluster", server: `http://127.0.0.1:${port}${path}`, skipTLSVerify: true },
    { name: "user", token: "top-secret" },
  );
  const client = new KubeClient(config, "team");
  clients.push(client);
  return client;
}

describe("Connection", () => {
  it("finds a server below a path, and shows who it is", async () => {
    const client = await open((request, answer) => {
      const { url, method, headers } = request;
      answer.end(JSON.stringify({ url, method, authorization: headers.authorization }));
    }, "/k8s/clusters/one/");
    expect(await client.get(client.path("pods"), { query: { limit: 1 } })).toEqual({
      url: "/k8s/clusters/one/api/v1/namespaces/team/pods?limit=1",
      method: "GET",
      authorization: "Bearer top-secret",
    });
    expect(client.address).not.toContain("secret");
  });

  it("sends patches as what they are", async () => {
    const client = await open((request, answer) => {
      answer.end(JSON.stringify({ type: request.headers["content-type"] }));
    });
    expect(await client.patch("/x", {})).toEqual({ type: "application/merge-patch+json" });
    expect(await client.patch("/x", [], "json")).toEqual({ type: "application/json-patch+json" });
  });

  it("comes again when the server says that it is too busy", async () => {
    let calls = 0;
    const client = await open((_request, answer) => {
      calls += 1;
      answer.statusCode = calls < 4 ? 429 : 201;
      answer.setHeader("Retry-After", "0");
      answer.end(calls < 4 ? "Too many requests, please try again later." : "{}");
    });
    await client.create("/x", {});
    expect(calls).toBe(4);
  });

  it("does not send everything at once", async () => {
    let [now, most] = [0, 0];
    const client = await open((_request, answer) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        answer.end("{}");
      });
    });
    await Promise.all(Array.from({ length: 200 }, async () => client.get("/x")));
    expect(most).toBeLessThanOrEqual(32);
  });

  it("ends a call that waits for its turn", async () => {
    const client = await open(() => undefined);
    const abort = new AbortController();
    const { signal } = abort;
    const waiting = Array.from({ length: 40 }, async () => client.get("/x", { signal }));
    const ended = Promise.allSettled(waiting);
    abort.abort();
    for (const result of await ended)
      expect(result).toMatchObject({ status: "rejected", reason: { code: "CANCELLED" } });
  });

  it("reads again over a new connection when the server has closed the old one", async () => {
    let calls = 0;
    const client = await open((request, answer) => {
      calls += 1;
      if (calls === 2) request.socket.destroy();
      else answer.end("{}");
    });
    await client.get("/x");
    expect(await client.get("/x")).toEqual({});
    expect(calls).toBe(3);
  });

  it("does not write twice", async () => {
    let calls = 0;
    const client = await open((request, answer) => {
      calls += 1;
      if (calls === 2) request.socket.destroy();
      else answer.end("{}");
    });
    await client.create("/x", {});
    await expect(client.create("/x", {})).rejects.toMatchObject({ code: "BACKEND_UNREACHABLE" });
    expect(calls).toBe(2);
  });

  it("knows the server's clock", async () => {
    const date = "Wed, 01 Jan 2020 00:00:00 GMT";
    const client = await open((_request, answer) => {
      answer.sendDate = false;
      answer.setHeader("Date", date);
      answer.end("{}");
    });
    await client.get("/x");
    expect(Math.abs(client.serverNow() - Date.parse(date))).toBeLessThan(2000);
  });
});
