import { describe, expect, it } from "vitest";
import { copyTarget, type CopyTargetInput } from "./copy-target.ts";

const target = (
  kind: "file" | "folder",
  destination: CopyTargetInput["destination"],
  more: { folder?: boolean; contents?: boolean; name?: undefined } = {},
): string | undefined => {
  const name = "name" in more ? undefined : "name";
  const { folder = false, contents = false } = more;
  return copyTarget({ source: { kind, name }, destination, folder, contents, shown: "there" });
};

describe("copyTarget", () => {
  it("goes into a folder that is there, and becomes what is not", () => {
    expect(target("file", "folder")).toBe("name");
    expect(target("folder", "folder")).toBe("name");
    expect(target("file", "none")).toBeUndefined();
    expect(target("folder", "none")).toBeUndefined();
    expect(target("file", "file")).toBeUndefined();
  });

  it("makes the folder that a file shall go into", () => {
    expect(target("file", "none", { folder: true })).toBe("name");
    expect(target("folder", "none", { folder: true })).toBeUndefined();
  });

  it("puts the content of a folder directly into the destination", () => {
    expect(target("folder", "folder", { contents: true })).toBeUndefined();
  });

  it("refuses a file in the place of a folder, and what has no name", () => {
    const refused = expect.objectContaining({ code: "SPEC_INVALID" });
    expect(() => target("folder", "file")).toThrow(refused);
    expect(() => target("file", "file", { folder: true })).toThrow(refused);
    expect(() => target("file", "other")).toThrow(refused);
    expect(() => target("file", "folder", { name: undefined })).toThrow(refused);
  });
});
