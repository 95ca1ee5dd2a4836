import { expect, it } from "vitest";
import { NoAccounting } from "../accounting/no-accounting.ts";
import type { ClusterBackend, Credentials } from "../backend/cluster-backend.ts";
import { UnitBackend } from "../engine/unit-backend.ts";
import { JobTypeRegistry } from "../job-types/job-type-registry.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { Context } from "./context.ts";

const token: Credentials = { type: "token", token: "mine" };

/** A cluster that knows users, and notes as whom it is opened. */
class Guarded implements Disposable {
  readonly opened: (readonly [
    server: string,
    credentials: Credentials | undefined,
    namespace: string,
  ])[] = [];
  readonly #world = new MemoryWorld();

  backend(server: string, namespace: string): ClusterBackend {
    return new UnitBackend({
      ...memoryParts(this.#world),
      namespace,
      open: async (credentials, other) => {
        this.opened.push([server, credentials, other]);
        return memoryParts(this.#world);
      },
    });
  }

  context(): Context {
    return new Context({
      backend: this.backend("home", "default"),
      jobTypes: new JobTypeRegistry(),
      plans: { images: {}, volumes: {}, packages: [] },
      accounting: new NoAccounting(),
      connect: async (server, namespace) => this.backend(server, namespace),
    });
  }

  [Symbol.dispose](): void {
    this.#world.end();
  }
}

it("gives a cluster that knows users the caller's credentials, namespace and server", async () => {
  using cluster = new Guarded();
  await using ctx = cluster.context();
  const other = await ctx.authenticate(token, "team");
  expect([ctx.namespace, other.namespace]).toEqual(["default", "team"]);
  await other.close();
  await ctx.authenticateInPlace(token, "away", "https://elsewhere");
  expect(ctx.namespace).toBe("away");
  expect(cluster.opened).toEqual([
    ["home", token, "team"],
    ["https://elsewhere", token, "away"],
  ]);
});

it("keeps whose rights it has when only the namespace changes", async () => {
  using cluster = new Guarded();
  await using ctx = cluster.context();
  expect(await ctx.useNamespace("team")).toBe(ctx);
  expect(ctx.namespace).toBe("team");
  expect(await ctx.list()).toEqual([]);
  expect(cluster.opened).toEqual([["home", undefined, "team"]]);
});
