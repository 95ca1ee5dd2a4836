import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  normaliseKeys,
  spellLike,
  toCamelCase,
  toKebabCase,
  toSnakeCase,
} from "./normalise-keys.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const words = fc.array(word, { minLength: 1, maxLength: 4 });

describe("spellings of a name", () => {
  it.each([
    ["run_volume", "runVolume"],
    ["run-volume", "runVolume"],
    ["runVolume", "runVolume"],
    ["nworkers", "nworkers"],
    ["worker_start_script", "workerStartScript"],
    ["__proto__", "__proto__"],
  ])("takes %s as %s", (given, name) => {
    expect(toCamelCase(given)).toBe(name);
  });

  it("are the same parameter", () => {
    fc.assert(
      fc.property(words, (parts) => {
        const name = toCamelCase(parts.join("_"));
        expect(toCamelCase(parts.join("-"))).toBe(name);
        expect(toCamelCase(name)).toBe(name);
        expect(toCamelCase(toSnakeCase(name))).toBe(name);
        expect(toCamelCase(toKebabCase(name))).toBe(name);
      }),
    );
  });

  it("follow a model", () => {
    expect(["x_y", "x-y", "xY", "x"].map((model) => spellLike("runVolume", model))).toEqual([
      "run_volume",
      "run-volume",
      "runVolume",
      "runVolume",
    ]);
  });
});

describe("normaliseKeys", () => {
  it("leaves values alone and remembers spellings", () => {
    const ports = { "my-port": [80, 80] };
    const { values, spelling } = normaliseKeys({ "additional-volumes": ["a_b"], ports, cpu: 0 });
    expect(values).toEqual({ additionalVolumes: ["a_b"], ports, cpu: 0 });
    expect(spelling.get("additionalVolumes")).toBe("additional-volumes");
  });

  it("takes undefined and null as not given", () => {
    expect(normaliseKeys({ pkg_bundle: null, image: undefined }).values).toEqual({});
  });

  it("finds a parameter that is given in two spellings", () => {
    expect(normaliseKeys({ run_volume: "a", runVolume: "b" }).doubled).toEqual(["runVolume"]);
  });

  it("sees __proto__ as a key like any other", () => {
    const { values } = normaliseKeys(JSON.parse('{ "__proto__": 1 }') as Record<string, unknown>);
    expect(Object.keys(values)).toEqual(["__proto__"]);
  });
});
