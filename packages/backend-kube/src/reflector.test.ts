import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig, type KubernetesObject } from "@kubernetes/client-node";
import { afterEach, expect, it, vi } from "vitest";
import { KubeClient } from "./client.ts";
import { Reflector, type ReflectorEvent } from "./reflector.ts";

/** What is asked of the server: the query of a list or a watch. */
type Ask = URLSearchParams;
type Answer = (ask: Ask, answer: ServerResponse) => void;
/** An event of a watch. */
type Told = readonly [type: string, object: object];

const closes: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closes.splice(0).toReversed()) await close();
});

/** A reflector of a server that answers one request after the other so; the last answer stands for all that follow. */
async function open(answers: readonly Answer[], graceMs = 30_000) {
  const asked: Ask[] = [];
  const server: Server = createServer((request, answer) => {
    const ask = new URL(request.url ?? "", "http://server").searchParams;
    asked.push(ask);
    answers[Math.min(asked.length, answers.length) - 1]?.(ask, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = new KubeConfig();
  const cluster = { name: "c", server: `http://127.0.0.1:${port}`, skipTLSVerify: true };
  config.loadFromClusterAndUser(cluster, { name: "u" });
  const client = new KubeClient(config, "team");
  const reflector = new Reflector<KubernetesObject, string>({
    client,
    path: client.path("pods"),
    slim: ({ metadata }) => metadata?.resourceVersion,
    watchSeconds: 0,
    graceMs,
  });
  const events: ReflectorEvent<string>[] = [];
  reflector.onChange((event) => events.push(event));
  closes.push(async () => {
    await reflector.close();
    client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { reflector, asked, kinds: () => events.map(({ type }) => type) };
}

function object(name: string, resourceVersion: number): KubernetesObject {
  return { metadata: { name, uid: name, resourceVersion: String(resourceVersion) } };
}

function status(code: number): object {
  return {
    kind: "Status",
    status: "Failure",
    message: "too old resource version",
    reason: "Expired",
    code,
  };
}

function list(items: readonly KubernetesObject[], resourceVersion: number, next?: string): Answer {
  const metadata = { resourceVersion: String(resourceVersion), continue: next };
  return (_ask, answer) => answer.end(JSON.stringify({ items, metadata }));
}

function refuse(code: number): Answer {
  return (_ask, answer) => {
    answer.statusCode = code;
    answer.end(JSON.stringify(status(code)));
  };
}

/** A watch that says these events, piece by piece, and goes on. */
function watch(...events: Told[]): Answer {
  return (_ask, answer) => {
    const text = events
      .map(([type, each]) => `${JSON.stringify({ type, object: each })}\n`)
      .join("");
    answer.flushHeaders();
    for (let at = 0; at < text.length; at += 40) answer.write(text.slice(at, at + 40));
  };
}

/** A watch that the server ends. */
function ends(...events: Told[]): Answer {
  return (ask, answer) => {
    watch(...events)(ask, answer);
    answer.end();
  };
}

it.each([
  ["an ERROR event", watch(["ERROR", status(410)])],
  ["an HTTP status", refuse(410)],
])("lists again at once when %s says that its state is too old", async (_what, gone) => {
  const { reflector, asked, kinds } = await open([
    list([object("a", 1), object("b", 2)], 5),
    gone,
    list([object("a", 9)], 10),
    watch(),
  ]);
  await vi.waitFor(() => expect(asked).toHaveLength(4));
  await vi.waitFor(() => expect(reflector.connected).toBe(true));
  expect(asked[1]?.get("resourceVersion")).toBe("5");
  expect(asked[2]?.has("resourceVersion")).toBe(false);
  expect(asked[3]?.get("resourceVersion")).toBe("10");
  expect(reflector.values()).toEqual(["9"]);
  expect(kinds()).not.toContain("disconnected");
});

it("keeps an own write that came while it listed what was there before", async () => {
  const listing = Promise.withResolvers<void>();
  const { reflector, asked } = await open([
    (ask, answer) => void listing.promise.then(() => list([object("a", 1)], 5)(ask, answer)),
    watch(),
  ]);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  reflector.upsert(object("own", 6));
  listing.resolve();
  await reflector.sync();
  expect(reflector.get("own")).toBe("6");
});

it("begins a list anew when its continue token has expired", async () => {
  const { reflector, asked } = await open([
    list([object("a", 1)], 5, "token"),
    refuse(410),
    list([object("b", 6)], 7),
    watch(),
  ]);
  await reflector.sync();
  expect(asked.map((ask) => ask.get("continue"))).toEqual([null, "token", null, null]);
  expect(reflector.values()).toEqual(["6"]);
});

it("goes on from the last bookmark when the server ends a watch", async () => {
  const { reflector, asked, kinds } = await open([
    list([], 5),
    ends(["ADDED", object("a", 6)], ["BOOKMARK", object("", 42)]),
    watch(["DELETED", object("a", 43)]),
  ]);
  await vi.waitFor(() => expect(kinds()).toContain("deleted"));
  expect(asked[1]?.get("allowWatchBookmarks")).toBe("true");
  expect(asked[2]?.get("resourceVersion")).toBe("42");
  expect(reflector.resourceVersion).toBe("43");
  expect(kinds()).toEqual(["connected", "changed", "deleted"]);
});

it("tells once that it is refused, goes on trying, and says why", async () => {
  const { reflector, asked, kinds } = await open([
    refuse(403),
    refuse(403),
    list([object("a", 1)], 5),
    watch(),
  ]);
  await expect(reflector.sync()).rejects.toMatchObject({ code: "FORBIDDEN" });
  await vi.waitFor(() => expect(reflector.connected).toBe(true), 5000);
  expect(asked).toHaveLength(4);
  expect(kinds()).toEqual(["disconnected", "changed", "connected"]);
});

it("gives up a watch that neither speaks nor ends", async () => {
  const { asked, kinds } = await open([list([], 5), watch()], 100);
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(2), 5000);
  expect(kinds().slice(0, 2)).toEqual(["connected", "disconnected"]);
});

it("ends at once when it is closed, whatever it is at", async () => {
  const { reflector, kinds } = await open([list([], 5), watch()]);
  await reflector.sync();
  await reflector.close();
  expect(kinds()).toEqual(["connected"]);
  await expect(reflector.sync()).rejects.toMatchObject({ code: "CANCELLED" });
  const { reflector: waiting } = await open([() => undefined]);
  await waiting.close();
});
