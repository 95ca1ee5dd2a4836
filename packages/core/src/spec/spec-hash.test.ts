import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JULIA_BATCH } from "../job-types/julia-batch.ts";
import { JULIA_PAR_BATCH } from "../job-types/julia-par-batch.ts";
import { makeSpec } from "./make-spec.ts";
import { placedFile } from "./placed-files.ts";
import { specHash } from "./spec-hash.ts";

const required = { start_script: "/x.jl", run_volume: "juliarun" };
const batch = (parameters: Record<string, unknown> = {}, name = "a"): string =>
  specHash(makeSpec(JULIA_BATCH, { name, parameters: { ...required, ...parameters } }));

const scaled = (nworkers: number): string =>
  specHash(makeSpec(JULIA_PAR_BATCH, { name: "a", parameters: { ...required, nworkers } }));

describe("specHash", () => {
  it("is a sha256; another value here makes jobs of older releases look different", () => {
    expect(batch()).toBe("f08e91b189f1422f1cbb0361bced0103ff2860610f806f2a6c0c9161a264a012");
  });

  it("knows no difference in spelling, order, defaults and units", () => {
    const hash = batch();
    expect(batch({ cpu: 0.1, memory: "512Mi", image: "julia", gpu: "0", external: "false" })).toBe(
      hash,
    );
    expect(batch({ memory: 512 * 2 ** 20, restart: "RestartOnFailure", ports: "" })).toBe(hash);
    expect(
      specHash(
        makeSpec(JULIA_BATCH, {
          name: "a",
          parameters: { "run-volume": "juliarun", startScript: "/x.jl" },
        }),
      ),
    ).toBe(hash);
  });

  it.each<Record<string, unknown>>([
    { cpu: 1 },
    { envvars: { A: "" } },
    { args: ["1"] },
    { ports: "80" },
    { max_runtime: "1h" },
  ])("sees %j", (parameters) => {
    expect(batch(parameters)).not.toBe(batch());
  });

  it("sees another type, another name, and every byte of files", () => {
    const withFile = (content: string): string =>
      specHash(
        makeSpec(JULIA_BATCH, {
          name: "a",
          parameters: required,
          files: [placedFile("f", content)],
        }),
      );
    const hashes = [
      batch(),
      batch({}, "b"),
      specHash(makeSpec(JULIA_PAR_BATCH, { name: "a", parameters: required })),
      withFile("1"),
      withFile("2"),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("leaves out the requested scale", () => {
    expect(scaled(5)).toBe(scaled(0));
  });

  it("does not depend on the order of keys or files", () => {
    const parameters = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(parameters, (given) => {
        const files = [placedFile("a", "1"), placedFile("b", "2")];
        const turned = Object.fromEntries(Object.entries(given).toReversed());
        const spec = { type: "T", name: "n", parameters: given, files };
        expect(specHash({ ...spec, parameters: turned, files: files.toReversed() })).toBe(
          specHash(spec),
        );
        expect(specHash(JSON.parse(JSON.stringify(spec)) as typeof spec)).toBe(specHash(spec));
      }),
    );
  });
});
