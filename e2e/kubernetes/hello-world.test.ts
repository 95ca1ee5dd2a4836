import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import {
  helloParallel,
  helloWorldByCommand,
  helloWorldFromTypeScript,
} from "../jrun/hello-world.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();

/** The manual's words for what is Kubernetes' own; on Docker they mean its native logs, and nothing. */
const config = { loggertype: "JuliaRun.KuberClusters.KuberLogger", externalsvc: "NodePort" };

describe.skipIf(reason !== undefined)("the manual's first chapters on Kubernetes", () => {
  test.for([
    ["Hello, World, by command line", helloWorldByCommand],
    ["Hello, World, from TypeScript", helloWorldFromTypeScript],
    ["Hello, World in Parallel", helloParallel],
  ] as const)("%s", async ([, chapter]) => {
    expect.hasAssertions();
    await using workspace = await KubeWorkspace.create({ config });
    await chapter(workspace);
  });

  test.skipIf(!inject("docker").available)(
    "work on Docker with the same configuration, but for one word",
    async () => {
      await using workspace = await KubeWorkspace.create({ config });
      const file = join(workspace.folder, "config.json");
      const words = (await readFile(file, "utf8")).split("Kubernetes");
      expect(words).toHaveLength(2);
      await writeFile(file, words.join("Docker"));
      await helloWorldByCommand(workspace);
      await helloParallel(workspace);
      // Docker's own agent; the workspace ends that of the configuration as it was.
      await workspace.run("agent", "--stop");
    },
  );
});
