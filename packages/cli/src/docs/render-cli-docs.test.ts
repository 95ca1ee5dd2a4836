import { expect, it } from "vitest";
import { buildProgram } from "../command-line/program.ts";
import { Runner } from "../command-line/runner.ts";
import { addJobTypes } from "../job-input/add-job-types.ts";
import { CapturedIo } from "../testing/captured-io.ts";
import { renderCliDocs } from "./render-cli-docs.ts";

// `npx vitest run -u --project unit packages/cli/src/docs` writes the file anew.
it("is what docs/cli.md says", async () => {
  const runner = new Runner(new CapturedIo());
  const program = buildProgram(runner);
  await addJobTypes(program, runner, undefined);
  await expect(renderCliDocs(program)).toMatchFileSnapshot("../../../../docs/cli.md");
});
