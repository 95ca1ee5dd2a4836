import { describe, expect, inject, test } from "vitest";
import { Workspace } from "../jrun/workspace.ts";

const EXIT_UNREACHABLE = 6;

describe.skipIf(!inject("docker").available)("an engine that does not answer", () => {
  test.each(["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"])(
    "%s is named, with what to do, by every command",
    async (host) => {
      await using workspace = await Workspace.create({ compute: { docker: { host } } });
      const submit = await workspace.submitLine("hello", "echo hello");
      const commands = [submit, ["ls"], ["status", "x"], ["status"], ["logs", "x"]];
      const results = await Promise.all(commands.map((args) => workspace.run(...args)));
      for (const { exitCode, stdout, stderr } of results) {
        expect(exitCode).toBe(EXIT_UNREACHABLE);
        expect(stdout + stderr).toContain(host);
        expect(stdout + stderr).not.toContain("    at ");
      }
      expect(results[0]?.stderr).toContain("jrun doctor");
    },
  );
});
