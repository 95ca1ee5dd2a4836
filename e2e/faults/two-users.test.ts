import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

describe.skipIf(!inject("docker").available)("two users of one engine and one namespace", () => {
  test("have jobs of the same name that do not touch each other", async () => {
    await using ann = await Workspace.create();
    await using bob = await Workspace.create({ namespaceOf: ann });
    const gates = [ann, bob].map((workspace) => new Gate(workspace, "go"));
    await ann.submit("same", `echo of ann; ${gates[0]?.sh}`);
    await bob.submit("same", `echo of bob; ${gates[1]?.sh}`);
    expect(await ann.jrun("logs", "same")).toBe("of ann\n");
    expect(await bob.jrun("logs", "same")).toBe("of bob\n");
    expect(await ann.jrun("logs")).not.toContain("of bob");
    for (const workspace of [ann, bob]) {
      expect(await workspace.jobs()).toHaveLength(1);
    }
    await ann.jrun("delete", "same", "--force");
    expect((await bob.job("same")).status.phase).toBe("running");
    await gates[1]?.open();
    await bob.jrun("wait", "same");
    expect(await ann.jobs()).toEqual([]);
  });

  test("keep apart when one of them loses the records", async () => {
    await using ann = await Workspace.create();
    await using bob = await Workspace.create({ namespaceOf: ann });
    const gate = new Gate(bob, "go");
    await ann.submit("of-ann", "true");
    await ann.jrun("wait", "of-ann");
    await bob.submit("of-bob", gate.sh);
    await ann.loseRecords();
    const names = await ann.jobs();
    expect(names.map(({ name }) => name)).toEqual(["of-ann"]);
    await gate.open();
    await bob.jrun("wait", "of-bob");
  });

  test("do not keep each other's agents busy", async () => {
    await using ann = await Workspace.create();
    await using bob = await Workspace.create({ namespaceOf: ann });
    const gate = new Gate(bob, "go");
    await bob.submitStarted("of-bob", gate.sh);
    await ann.submit("of-ann", "true");
    await ann.jrun("wait", "of-ann");
    // Bob's job goes on, and Ann's agent ends all the same.
    await expect
      .poll(async () => ann.jrun("agent", "--status"), { timeout: 20_000 })
      .toMatch(/no agent/i);
    expect((await bob.job("of-bob")).status.phase).toBe("running");
    await gate.open();
  });

  test("do not reach each other's units by name", async () => {
    await using ann = await Workspace.create();
    await using bob = await Workspace.create({ namespaceOf: ann });
    const gate = new Gate(bob, "go");
    await bob.submit("of-bob", gate.sh);
    await ann.submit("seeker", "nslookup of-bob && exit 3; nslookup seeker", "--restart", "never");
    await ann.run("wait", "seeker");
    expect((await ann.job("seeker")).status).toMatchObject({ exitCode: 0 });
  });
});
