import { BUILT_IN_JOB_TYPES, describeParameters } from "@juliarun/core";
import { expect, it } from "vitest";
import { renderJobTypesDocs } from "./render-job-types-docs.ts";

const text = renderJobTypesDocs(BUILT_IN_JOB_TYPES);

// `npx vitest run -u --project unit packages/cli/src/docs` writes the file anew.
it("is what docs/job-types.md says", async () => {
  await expect(text).toMatchFileSnapshot("../../../../docs/job-types.md");
});

it.each(BUILT_IN_JOB_TYPES.map((type) => [type.name, type] as const))(
  "says of every parameter of %s what it is, by default and in the manual",
  (name, type) => {
    const section = text.split(/^## /m).find((each) => each.startsWith(`${name}\n`)) ?? "";
    expect(section).toContain(type.summary);
    const rows = section
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split(" | ").map((cell) => cell.replaceAll(/^\| | \|$/g, "")));
    expect(rows.map(([parameter]) => parameter)).toEqual(
      describeParameters(type).map((parameter) => `\`${parameter.name}\``),
    );
    expect(rows.flat().filter((cell) => cell === "")).toEqual([]);
  },
);
