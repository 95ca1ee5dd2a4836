import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configMapKey } from "./config-map-key.ts";

describe("configMapKey", () => {
  it("writes slashes, and its own sign, as codes", () => {
    expect(configMapKey("lib/folder.sh")).toBe("lib_2ffolder.sh");
    expect(configMapKey("a_b")).toBe("a_5fb");
    expect(configMapKey("..x")).toBe("_2e.x");
    expect(configMapKey("é")).toBe("_c3_a9");
  });

  it("is a valid key that the path can be read from", () => {
    const path = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(path, (given) => {
        fc.pre(given.isWellFormed());
        const key = configMapKey(given);
        expect(key).toMatch(/^(?!\.)[-._a-zA-Z0-9]+$/);
        const uri = key.replaceAll("_", "%");
        expect(decodeURIComponent(uri)).toBe(given);
      }),
    );
  });
});
