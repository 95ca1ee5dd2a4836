import { describe, expect, inject, it } from "vitest";
import { quotaIsKept } from "../jrun/quota.ts";
import { Workspace } from "../jrun/workspace.ts";

describe.skipIf(!inject("docker").available)("a namespace's quota", () => {
  it("is kept by commands that run at the same time", async () => {
    await using workspace = await Workspace.create();
    await quotaIsKept(workspace);
    expect(await workspace.jobs()).toHaveLength(3);
  });
});
