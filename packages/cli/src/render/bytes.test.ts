import { expect, it } from "vitest";
import { formatBytes } from "./bytes.ts";

it.each([
  [0, "0 bytes"],
  [1023, "1023 bytes"],
  [1536, "1.5 KiB"],
  [300 * 1024 ** 2, "300.0 MiB"],
  [2 ** 60, "1048576.0 TiB"],
])("shows %d bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
