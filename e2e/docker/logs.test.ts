import { execa } from "execa";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

const binary = fileURLToPath(new URL("../../packages/cli/bin/jrun.js", import.meta.url));

describe.skipIf(!inject("docker").available)("jrun logs", () => {
  test("follows from before the start to the end, each stream to its own output", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    await workspace.submit("talk", `echo one; echo two >&2; ${gate.sh}; printf three`);
    const follow = workspace.start("logs", "talk", "-f");
    await follow.until("one\n");
    await follow.until("two\n", "stderr");
    await gate.open();
    expect(await follow.result()).toEqual({ exitCode: 0, stdout: "one\nthree\n", stderr: "two\n" });
  });

  test("resumes by cursor where a follower was killed, without loss or doubles", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    const count = 'i=0; while [ $i -lt 500 ]; do echo "line $i"; i=$((i + 1)); done';
    await workspace.submit(
      "count",
      `${count}; ${gate.sh}; i=500; while [ $i -lt 900 ]; do echo "line $i"; i=$((i + 1)); done`,
    );
    const first = workspace.start("logs", "count", "-f", "-o", "json");
    await first.until('"line":"line 300"');
    first.kill("SIGKILL");
    await first.result();
    const read = first.stdout
      .split("\n")
      .slice(0, -1)
      .flatMap((line) => parsed(line) ?? []);
    await gate.open();
    const rest = await workspace.jrun("logs", "count", "-f", "--cursor", read.at(-1)?.cursor ?? "");
    const lines = [...read.map(({ line }) => line), ...rest.split("\n").slice(0, -1)];
    expect(lines).toEqual(Array.from({ length: 900 }, (_, index) => `line ${index}`));
  });

  test("keeps bytes that are no text, and merges a namespace with names in front", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("bytes", String.raw`printf '\377\376\000\n'`, "--wait");
    await workspace.submit("words", "echo words", "--wait");
    const { stdout } = await execa(process.execPath, [binary, "logs", "bytes"], {
      cwd: workspace.folder,
      env: { JRUN_STATE_DIR: workspace.stateFolder },
      encoding: "buffer",
    });
    expect([...stdout]).toEqual([0xff, 0xfe, 0x00]);
    expect(await workspace.jrun("logs")).toMatch(/^words\/master \| words$/m);
    expect(await workspace.jrun("logs", "--tail", "1")).toBe("words/master | words\n");
  });

  test("ends quietly when its reader has seen enough", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("yes", "yes | head -n 100000", "--wait");
    const { stdout, stderr, exitCode } = await execa({
      shell: "/bin/bash",
      cwd: workspace.folder,
      env: { JRUN_STATE_DIR: workspace.stateFolder },
      reject: false,
    })`set -o pipefail; ${process.execPath} ${binary} logs yes | head -n 2`;
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: "y\ny", stderr: "", exitCode: 0 });
  });

  test("refuses unknown jobs, units and cursors", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("talk", "echo one", "--wait");
    expect(await workspace.run("logs", "tolk")).toMatchObject({ exitCode: 3 });
    expect(await workspace.run("logs", "talk", "--unit", "worker-0")).toMatchObject({
      exitCode: 2,
    });
    expect(await workspace.run("logs", "talk", "--cursor", "x")).toMatchObject({ exitCode: 2 });
  });
});

/** The last line of a killed process may be cut. */
function parsed(line: string): { line: string; cursor: string } | undefined {
  try {
    return JSON.parse(line) as { line: string; cursor: string };
  } catch {
    return undefined;
  }
}
