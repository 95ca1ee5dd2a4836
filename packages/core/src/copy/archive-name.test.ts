import { describe, expect, it } from "vitest";
import { archivePath, staysInside } from "./archive-name.ts";

describe("archivePath", () => {
  it("splits names", () => {
    expect(archivePath("./a/b")).toEqual(["a", "b"]);
    expect(archivePath("a//b/")).toEqual(["a", "b"]);
    expect(archivePath("./")).toEqual([]);
    expect(archivePath("..a/-b/c\n")).toEqual(["..a", "-b", "c\n"]);
  });

  it.each(["..", "a/../../b", "/etc/passwd", "./../x", "", "a\0b"])("refuses %j", (name) => {
    expect(() => archivePath(name)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
  });
});

describe("staysInside", () => {
  it.each([
    ["a", "b", true],
    ["a/b", "../c", true],
    ["a/b", "..", true],
    ["a", ".", true],
    ["a", "..", false],
    ["a/b", "../../c", false],
    ["a", "/etc", false],
    ["a/b/c", "x/../y", false],
    ["a", "", false],
  ])("of a link %j to %j is %j", (path, to, inside) => {
    expect(staysInside(path.split("/"), to)).toBe(inside);
  });
});
