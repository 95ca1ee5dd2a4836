import { expect, it } from "vitest";
import { showBytes, toByteText } from "./byte-text.ts";
import { lookScript, quote, stagingPath } from "./volume-scripts.ts";

it("quotes any text for a shell", () => {
  expect(quote("a'b $(x)\n`y`")).toBe("'a'\\''b $(x)\n`y`'");
  expect(lookScript("data", ["$(id)"])).toContain("path='/mnt/data/$(id)'\n");
});

it("keeps bytes, and shows them to people", () => {
  expect(showBytes(toByteText("ünï\n\u001b[2J"))).toBe("ünï\\x0a\\x1b[2J");
  expect(showBytes("f\u00ff")).toBe("f\ufffd");
  expect(stagingPath("data", "1a")).toBe("/mnt/data/.jrun-cp-1a");
});
