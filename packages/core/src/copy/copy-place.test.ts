import { describe, expect, it } from "vitest";
import { parseCopyPlace } from "./copy-place.ts";

describe("parseCopyPlace", () => {
  it.each([
    ["juliarun:/a/b", "juliarun", ["a", "b"], false, false],
    ["juliarun:a//b/", "juliarun", ["a", "b"], true, false],
    ["juliarun:a/.", "juliarun", ["a"], true, true],
    ["x:", "x", [], true, false],
    ["data:/ü:1\n", "data", ["Ã¼:1\n"], false, false],
  ])("takes %j for a place on a volume", (text, volume, parts, folder, contents) => {
    expect(parseCopyPlace(text)).toEqual({ kind: "volume", volume, parts, folder, contents });
  });

  it.each(["./a:b", "/x:y", "a/b:c", "file", "C:\\x", ":x"])("takes %j for a path", (path) => {
    expect(parseCopyPlace(path)).toMatchObject({ kind: "local", path });
  });

  it("knows streams, and refuses what leads out", () => {
    expect(parseCopyPlace("-")).toEqual({ kind: "stream" });
    for (const text of ["", "data:../x", "data:/a/../b", "a\0b"])
      expect(() => parseCopyPlace(text)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
  });
});
