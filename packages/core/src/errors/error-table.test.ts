import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ERROR_TABLE, type ErrorEntry } from "./error-table.ts";

const ENTRIES = Object.entries<ErrorEntry>(ERROR_TABLE);

describe("ERROR_TABLE", () => {
  it("is what docs/errors.md says, row by row", async () => {
    const text = await readFile(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
    const documented = text.split("\n").filter((line) => line.startsWith("| `"));
    const expected = ENTRIES.map(
      ([code, { status, exitCode, retryable, solve }]) =>
        `| \`${code}\` | ${status} | ${exitCode} | ${retryable ? "yes" : "no"} | ${solve} |`,
    );
    expect(documented).toEqual(expected);
  });

  it.each(ENTRIES)("does not take %s for a success", (_code, { status, exitCode }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(exitCode).toBeGreaterThan(0);
  });
});
