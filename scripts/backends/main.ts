import { writeFile } from "node:fs/promises";
import { compareBackends, comparisonFile } from "./compare.ts";

const comparison = await compareBackends();
if ("missing" in comparison) {
  console.error(
    ["docs/backends.md is left as it is:", ...comparison.missing, "Run npm test."].join("\n  "),
  );
  process.exitCode = 1;
} else {
  await writeFile(comparisonFile, comparison.text);
  console.log("docs/backends.md says what the conformance suite has found out.");
}
