import { describe, expect, it } from "vitest";
import { LogLines } from "./log-lines.ts";
import { parseTimeNs, toSinceTime } from "./log-time.ts";

const TIME = "2026-01-02T03:04:05.000000001Z";
const TIME_NS = 1_767_323_045_000_000_001n;
const LATER = "2026-01-02T03:04:06.500000000Z";
const PIECE = 16_384;
const err = (text: string): string => `\x1ee\x1f${text}\x1e.\x1f`;

/** Lines of a log as `stream: text`. */
function linesOf(log: string | Buffer, size = 7): string[] {
  const bytes = Buffer.isBuffer(log) ? log : Buffer.from(log, "latin1");
  const found: string[] = [];
  const lines = new LogLines((stream, _, line) => {
    found.push(`${stream}: ${Buffer.from(line).toString("latin1")}`);
  });
  for (let at = 0; at < bytes.length; at += size) lines.push(bytes.subarray(at, at + size));
  lines.end();
  return found;
}

describe("LogLines", () => {
  it("tells the streams apart, whatever the chunks", () => {
    const log = `${TIME} out\n${TIME} ${err("err")}\n${TIME} \n${TIME} ${err("")}\n`;
    for (const size of [1, 2, 7, 1000]) {
      expect(linesOf(log, size)).toEqual(["stdout: out", "stderr: err", "stdout: ", "stderr: "]);
    }
  });

  it("gives times with every digit", () => {
    const times: bigint[] = [];
    const lines = new LogLines((_, timeNs) => times.push(timeNs));
    lines.push(Buffer.from(`${TIME} a\n${TIME} b\n${LATER} c\n`));
    expect(times).toEqual([TIME_NS, TIME_NS, TIME_NS + 1_499_999_999n]);
  });

  it("keeps bytes that are no text, and NULs that were replaced", () => {
    const line = "\xff\xfe\x80\x00\x0d\x1d\x1e";
    const marked = `\x1ez\x1f\x1da\xff\x1e.\x1f`;
    const log = `${TIME} ${line}\n${TIME} ${err(line)}\n${TIME} ${marked}\n`;
    expect(linesOf(log)).toEqual([`stdout: ${line}`, `stderr: ${line}`, "stderr: \0a\xff"]);
  });

  it("has a last line without newline", () => {
    expect(linesOf(`${TIME} a\n${TIME} b`)).toEqual(["stdout: a", "stdout: b"]);
  });

  it("parts a last line of stdout without newline from stderr glued to it, and the other way round", () => {
    expect(linesOf(`${TIME} last${err("one")}\n${TIME} ${err("two")}\n`)).toEqual([
      "stdout: last",
      "stderr: one",
      "stderr: two",
    ]);
    expect(linesOf(`${TIME} ${err("last")}out\n`)).toEqual(["stderr: last", "stdout: out"]);
  });

  it("joins the pieces of a long line of stdout around a line of stderr", () => {
    const log = `${TIME} ${"x".repeat(2 * PIECE)}${err("oops")}\n${LATER} end\n${LATER} next\n`;
    expect(linesOf(log, 1000)).toEqual([
      "stderr: oops",
      `stdout: ${"x".repeat(2 * PIECE)}end`,
      "stdout: next",
    ]);
  });

  it("joins the pieces of a long line of stderr around lines of stdout", () => {
    const begin = `\x1ee\x1f${"x".repeat(PIECE - 3)}`;
    const log = `${TIME} ${begin}out\n${TIME} more\n${LATER} end\x1e.\x1f\n${LATER} next\n`;
    expect(linesOf(log, 1000)).toEqual([
      "stdout: out",
      "stdout: more",
      `stderr: ${"x".repeat(PIECE - 3)}end`,
      "stdout: next",
    ]);
  });

  it("drops the rest of a line that began before, and what is no line of a log", () => {
    const log = `rest of a line\nunable to retrieve container logs for x\n${TIME} line\n`;
    expect(linesOf(log)).toEqual(["stdout: line"]);
  });

  it("counts the runtime's messages", () => {
    const lines = new LogLines(() => undefined);
    lines.push(Buffer.from(`${TIME} a\n${TIME} ${"x".repeat(PIECE + 1)}\n${TIME} \n`));
    expect(lines.messages).toBe(4);
  });
});

describe("parseTimeNs", () => {
  it("understands every form of the times of logs", () => {
    const whole = TIME_NS - 1n;
    expect(parseTimeNs("2026-01-02T03:04:05Z")).toBe(whole);
    expect(parseTimeNs("2026-01-02T03:04:05.5Z")).toBe(whole + 500_000_000n);
    expect(parseTimeNs("2026-01-02T05:04:05.000000001+02:00")).toBe(TIME_NS);
    for (const text of ["", "unable", "2026-01-02", "2026-99-02T03:04:05Z"]) {
      expect(parseTimeNs(text)).toBeUndefined();
    }
  });

  it("is cut to seconds for the API", () => {
    expect(toSinceTime(TIME_NS)).toBe("2026-01-02T03:04:05Z");
  });
});
