import * as fc from "fast-check";
import type { KubernetesObject } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { SlimCache } from "./slim-cache.ts";

function object(name: string, resourceVersion: number, uid = `uid-${name}`): KubernetesObject {
  return { metadata: { name, uid, resourceVersion: String(resourceVersion) } };
}

function versions(): SlimCache<KubernetesObject, string> {
  return new SlimCache(({ metadata }) =>
    metadata?.name === "odd" ? undefined : metadata?.resourceVersion,
  );
}

describe("SlimCache", () => {
  it("keeps the newest state, by number and not by text", () => {
    const cache = versions();
    cache.put(object("a", 9));
    expect(cache.put(object("a", 10))).toHaveLength(1);
    expect(cache.put(object("a", 9))).toEqual([]);
    expect(cache.get("a")).toBe("10");
  });

  it("takes an own write before the watch tells it, once", () => {
    const cache = versions();
    cache.put(object("a", 5));
    expect(cache.upsert(object("a", 8))).toHaveLength(1);
    expect(cache.put(object("a", 7))).toEqual([]);
    expect(cache.put(object("a", 8))).toEqual([]);
    expect(cache.get("a")).toBe("8");
  });

  it("does not bring back by a late answer what has been deleted since", () => {
    const cache = versions();
    cache.put(object("a", 5));
    cache.drop(object("a", 7));
    expect(cache.upsert(object("a", 6))).toEqual([]);
    expect(cache.get("a")).toBeUndefined();
  });

  it("forgets what was deleted by ourselves, whatever events come late", () => {
    const cache = versions();
    cache.put(object("a", 5));
    expect(cache.evict("a", "uid-other")).toEqual([]);
    expect(cache.evict("a", "uid-a")).toEqual([{ type: "deleted", name: "a", object: "5" }]);
    expect(cache.put(object("a", 6))).toEqual([]);
    expect(cache.upsert(object("a", 8, "new"))).toHaveLength(1);
    expect(cache.drop(object("a", 7))).toEqual([]);
    expect(cache.get("a")).toBe("8");
  });

  it("finds by a list what changed and went while nobody looked", () => {
    const cache = versions();
    for (const name of ["a", "b", "c"]) cache.put(object(name, 5));
    cache.upsert(object("own", 12));
    const listed = [object("a", 5), object("b", 9), object("d", 8)];
    const changes = cache.replaceAll(
      listed.map((each) => cache.toEntry(each)),
      "10",
    );
    expect(changes.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "changed b",
      "changed d",
      "deleted c",
    ]);
    expect(cache.values().toSorted()).toEqual(["12", "5", "8", "9"]);
  });

  it("shows nothing of objects that are of no interest", () => {
    const cache = versions();
    expect(cache.put(object("odd", 5))).toEqual([]);
    expect(cache.drop(object("odd", 6))).toEqual([]);
    expect(cache.values()).toEqual([]);
  });

  it("ends in the server's state, in whatever order answers and events mix", () => {
    const step = fc.record({ name: fc.constantFrom("a", "b"), gone: fc.boolean(), lag: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const cache = versions();
        const answers: { readonly at: number; readonly answer: KubernetesObject }[] = [];
        const expected = new Map<string, string>();
        for (const [index, { name, gone, lag }] of steps.entries()) {
          const current = object(name, index + 1, `${name}-uid`);
          if (gone) expected.delete(name);
          else expected.set(name, String(index + 1));
          if (!gone) answers.push({ at: index + lag, answer: current });
        }
        for (const [index, { name, gone }] of steps.entries()) {
          const current = object(name, index + 1, `${name}-uid`);
          for (const { at, answer } of answers) if (at === index) cache.upsert(answer);
          if (gone) cache.drop(current);
          else cache.put(current);
        }
        for (const { at, answer } of answers) if (at >= steps.length) cache.upsert(answer);
        expect(new Set(cache.values())).toEqual(new Set(expected.values()));
      }),
    );
  });
});
