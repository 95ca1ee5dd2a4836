import { describe, expect, it } from "vitest";
import { quotaIsKept } from "../jrun/quota.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();

describe.skipIf(reason !== undefined)("a namespace's quota, on Kubernetes", () => {
  it("is kept by commands that run at the same time", async () => {
    await using workspace = await KubeWorkspace.create();
    await quotaIsKept(workspace);
    expect(await workspace.jobs()).toHaveLength(3);
  });
});
