import { describe, expect, test } from "vitest";
import { SWEEP_CONFIG, sweepByCommand, sweepFromTypeScript } from "../jrun/own-job-type.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

describe.skipIf(whyNoKubernetes() !== undefined)("a user's own job type on Kubernetes", () => {
  test("runs, with its own parameters, from a module that the configuration names", async () => {
    expect.hasAssertions();
    await using workspace = await KubeWorkspace.create({ config: SWEEP_CONFIG });
    await sweepByCommand(workspace);
  });

  test("runs from a program", async () => {
    expect.hasAssertions();
    await using workspace = await KubeWorkspace.create();
    await sweepFromTypeScript(workspace);
  });
});
