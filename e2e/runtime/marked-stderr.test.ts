import { RUNTIME_DIR } from "@juliarun/core";
import { describe, expect, inject, test } from "vitest";
import { TestJob, type UnitOptions } from "./test-job.ts";

const docker = inject("docker");
const { julia, busybox } = docker.images;
const MARKED = { JRUN_MARK_STDERR: "1" };
const LINES = 100_000;

const shells = [
  { name: "dash", image: julia, sh: ["/bin/sh"] },
  { name: "bash as sh", image: julia, sh: ["/bin/bash", "--posix"] },
  { name: "busybox", image: busybox, sh: ["/bin/sh"] },
];

describe.skipIf(!docker.available).each(shells)(
  "marked stderr under $name",
  { concurrent: true },
  ({ image, sh }) => {
    /** Runs a shell script as the unit's program. */
    async function start(job: TestJob, program: string, options: UnitOptions = {}) {
      await job.file("program.sh", program);
      return job.start({ shell: "program.sh", sh, env: MARKED, ...options });
    }

    /** Runs any command. */
    async function runMarked(job: TestJob, ...args: string[]) {
      return job.start({ sh, wrapper: `${RUNTIME_DIR}/mark.sh`, args, env: {} });
    }

    test("has marks around every line, and stdout and the log files have none", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, "echo to stdout; echo to stderr >&2; echo >&2; exit 3");
      expect(await unit.exit()).toBe(3);
      const { stdout, stderr } = await unit.output();
      expect(String(stdout)).toBe("to stdout\n");
      const begin = stderr.subarray(0, 3).toString();
      expect(["\x1ee\x1f", "\x1ez\x1f"]).toContain(begin);
      expect(String(stderr)).toBe(`${begin}to stderr\x1e.\x1f\n${begin}\x1e.\x1f\n`);
      expect(String(await job.log("master.stdout"))).toBe("to stdout\n");
      expect(String(await job.log("master.stderr"))).toBe("to stderr\n\n");
    });

    test("keeps every byte, also of a last line without newline", async () => {
      await using job = await TestJob.create(image);
      const bytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) % 256));
      await job.file("bytes", bytes);
      const unit = await start(job, "cat ../bytes >&2; printf 'no newline' >&2");
      expect(await unit.exit()).toBe(0);
      const { stdout, stderr } = await unit.output();
      expect(stdout.length).toBe(0);
      // A byte that stands for NUL cannot be told from itself.
      const expected = Buffer.concat([bytes, Buffer.from("no newline")]);
      const standsForNul = stderr.includes("\x1ez\x1f");
      const comparable = standsForNul ? replaceByte(expected, 0x1d, 0) : expected;
      expect(unmark(stderr).equals(comparable)).toBe(true);
      expect((await job.log("master.stderr")).equals(expected)).toBe(true);
    });

    test("loses and reorders nothing of many lines on both streams, not even at the end", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, `seq 1 ${LINES} >&2 & seq 1 ${LINES}; wait`);
      expect(await unit.exit()).toBe(0);
      const expected = Array.from({ length: LINES }, (_, index) => `${index + 1}\n`).join("");
      const { stdout, stderr } = await unit.output();
      expect(String(stdout) === expected).toBe(true);
      expect(String(unmark(stderr)) === expected.slice(0, -1)).toBe(true);
    });

    test("shows a line at once, while the program still runs", async () => {
      await using job = await TestJob.create(image);
      const unit = await start(job, "echo first >&2; until [ -e go ]; do sleep 0.05; done");
      await unit.says("first");
      await job.file("job/go", "");
      expect(await unit.exit()).toBe(0);
    });

    test("has the complaints of the wrapper marked, and works without a log folder", async () => {
      await using job = await TestJob.create(image);
      await job.file("job/log", "a file where the folder should be");
      await job.own("job");
      const unit = await start(job, "echo runs; echo oops >&2; exit 6");
      expect(await unit.exit()).toBe(6);
      const { stdout, stderr } = await unit.output();
      expect(String(stdout)).toBe("runs\n");
      const lines = String(unmark(stderr)).split("\n");
      expect(lines).toEqual([expect.stringContaining("juliarun: cannot write "), "oops"]);
    });

    test("works without a working folder, and hands nothing on to the program", async () => {
      await using job = await TestJob.create(image);
      const env = { ...MARKED, JRUN_DIR: "" };
      const unit = await start(job, 'echo "${JRUN_MARK_STDERR-unset}" >&2; exit 5', { env });
      expect(await unit.exit()).toBe(5);
      expect(String(unmark((await unit.output()).stderr))).toBe("unset");
    });

    test("does not hang on a daemon that keeps stderr open", async () => {
      await using job = await TestJob.create(image);
      const env = { ...MARKED, JRUN_DIR: "" };
      const unit = await start(job, "(sleep 600) & echo done >&2; exit 4", { env });
      const started = performance.now();
      expect(await unit.exit()).toBe(4);
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(String(unmark((await unit.output()).stderr))).toBe("done");
    });

    test("is there for any command, with its exit status", async () => {
      await using job = await TestJob.create(image);
      const program = 'echo out; echo "$1" >&2; exit 7';
      const units = await Promise.all([
        runMarked(job, "sh", "-c", program, "sh", "two words"),
        runMarked(job, "no-such-command"),
        runMarked(job, "sh", "-c", "kill -s KILL $$"),
      ]);
      const codes = units.map(async (unit) => unit.exit());
      expect(await Promise.all(codes)).toEqual([7, 127, 137]);
      const outputs = await Promise.all(units.map(async (unit) => unit.output()));
      expect(String(outputs[0]?.stdout)).toBe("out\n");
      expect(outputs.slice(0, 2).map(({ stderr }) => String(unmark(stderr)))).toEqual([
        "two words",
        expect.stringContaining("no-such-command"),
      ]);
    });

    test("lets a stop signal through to any command at once", async () => {
      await using job = await TestJob.create(image);
      const trap =
        "trap 'echo got it >&2; exit 9' TERM; echo ready >&2; while :; do sleep 0.05; done";
      const [sleeping, handling] = await Promise.all([
        runMarked(job, "sh", "-c", "echo ready; exec sleep 600"),
        runMarked(job, "sh", "-c", trap),
      ]);
      await Promise.all([sleeping.says("ready"), handling.says("ready")]);
      expect(await sleeping.stop()).toBeLessThan(5000);
      expect(await sleeping.exit()).toBe(143);
      await handling.signal("TERM");
      expect(await handling.exit()).toBe(9);
      expect(String(unmark((await handling.output()).stderr))).toBe("ready\ngot it");
    });
  },
);

/** The lines between marks. */
function unmark(marked: Buffer): Buffer {
  const text = marked.toString("latin1");
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  const unmarked = lines.map((line) => {
    const [mark, content] = [line.slice(0, 3), line.slice(3, -3)];
    if (line.endsWith("\x1e.\x1f")) {
      if (mark === "\x1ee\x1f") return content;
      if (mark === "\x1ez\x1f") return content.replaceAll("\x1d", "\0");
    }
    throw new Error(`a line without mark: ${JSON.stringify(line.slice(0, 40))}`);
  });
  return Buffer.from(unmarked.join("\n"), "latin1");
}

function replaceByte(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.from(bytes.map((byte) => (byte === from ? to : byte)));
}
