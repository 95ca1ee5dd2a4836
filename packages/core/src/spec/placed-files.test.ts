import { describe, expect, it } from "vitest";
import { SpecIssues } from "../errors/spec-issues.ts";
import { checkPlacedFiles, MAX_PLACED_BYTES, placedFile } from "./placed-files.ts";

function problems(...files: Parameters<typeof checkPlacedFiles>[0]): string {
  const issues = new SpecIssues();
  checkPlacedFiles(files, issues);
  try {
    issues.throwIfAny("x");
    return "";
  } catch (error) {
    return String(error);
  }
}

describe("checkPlacedFiles", () => {
  it("accepts usual names, any bytes, and no file", () => {
    expect(
      problems(
        placedFile("hello.jl", "println(1)"),
        placedFile("_x-2.bin", new Uint8Array([0, 255])),
      ),
    ).toBe("");
    expect(problems(placedFile("empty", ""))).toBe("");
    expect(problems()).toBe("");
  });

  it.each([
    "../hello.jl",
    "/etc/passwd",
    "a/b",
    ".",
    "..",
    ".hidden",
    "",
    "a b",
    "-x",
    "a\n",
    "x".repeat(128),
  ])("refuses the name %j", (name) => {
    expect(problems(placedFile(name, "x"))).toContain("must be named by");
  });

  it("refuses a name that comes twice and content that is not base64", () => {
    expect(problems(placedFile("a", "1"), placedFile("a", "2"))).toContain("hold a twice");
    expect(problems({ name: "a", contentBase64: "not base64!" })).toContain("is not base64");
  });

  it("allows 1 MiB together and no byte more", () => {
    const half = new Uint8Array(MAX_PLACED_BYTES / 2);
    expect(problems(placedFile("a", half), placedFile("b", half))).toBe("");
    expect(problems(placedFile("a", half), placedFile("b", half), placedFile("c", "x"))).toContain(
      `${MAX_PLACED_BYTES + 1} bytes`,
    );
  });
});
