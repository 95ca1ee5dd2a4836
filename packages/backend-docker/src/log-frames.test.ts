import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogFrames } from "./log-frames.ts";

const SECOND = "2026-11-23T11:51:16";
const SECOND_NS = BigInt(Date.parse(`${SECOND}Z`)) * 1_000_000n;

interface Message {
  readonly stream: 1 | 2;
  readonly ns: number;
  readonly bytes: Uint8Array;
}

function frame({ stream, ns, bytes }: Message): Buffer {
  const stamp = `${SECOND}.${String(ns).padStart(9, "0")}Z `;
  const body = Buffer.concat([Buffer.from(stamp), bytes]);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

const text = (stream: 1 | 2, ns: number, line: string): Buffer =>
  frame({ stream, ns, bytes: Buffer.from(line) });

function decode(data: Buffer, chunks = data.length || 1, ended = true): string[] {
  const lines: string[] = [];
  const frames = new LogFrames((stream, timeNs, bytes) => {
    lines.push(`${stream} ${timeNs - SECOND_NS} ${Buffer.from(bytes).toString("latin1")}`);
  });
  for (let at = 0; at < data.length; at += chunks) frames.push(data.subarray(at, at + chunks));
  if (ended) frames.end();
  return lines;
}

const piece = (fill: string): string => fill.repeat(16_384);

describe("LogFrames", () => {
  it("tells lines with stream and nanoseconds", () => {
    const data = Buffer.concat([
      text(1, 5, "out\n"),
      text(2, 999_999_999, "err\n"),
      text(1, 7, "\n"),
    ]);
    expect(decode(data)).toEqual(["stdout 5 out", "stderr 999999999 err", "stdout 7 "]);
  });

  it("is the same however the data is cut, byte for byte", () => {
    const messages = fc.array(
      fc.record({
        stream: fc.constantFrom<1 | 2>(1, 2),
        ns: fc.nat(999_999_999),
        bytes: fc.uint8Array({ maxLength: 60 }).map((bytes) => {
          const line = bytes.filter((byte) => byte !== 10);
          return Buffer.concat([line, Buffer.from("\n")]);
        }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 100 }), (all, chunks) => {
        const data = Buffer.concat(all.map((message) => frame(message)));
        const expected = all.map(
          ({ stream, ns, bytes }) =>
            `${stream === 1 ? "stdout" : "stderr"} ${ns} ${Buffer.from(bytes.subarray(0, -1)).toString("latin1")}`,
        );
        expect(decode(data, chunks)).toEqual(expected);
      }),
    );
  });

  it("joins the pieces of a long line, whether its end is closed or not", () => {
    const long = piece("a") + piece("a");
    const open = Buffer.concat([text(1, 1, piece("a")), text(1, 1, piece("a")), text(1, 1, "b")]);
    const closed = Buffer.concat([
      text(1, 1, piece("a")),
      text(1, 1, piece("a")),
      text(1, 1, "b\n"),
    ]);
    for (const data of [open, closed]) {
      expect(decode(Buffer.concat([data, text(1, 2, "x\n")]))).toEqual([
        `stdout 1 ${long}b`,
        "stdout 2 x",
      ]);
    }
  });

  it("ends a line of just full pieces when another one begins", () => {
    const data = Buffer.concat([text(1, 1, piece("a")), text(2, 2, "e\n"), text(1, 3, "x\n")]);
    expect(decode(data)).toEqual(["stderr 2 e", `stdout 1 ${piece("a")}`, "stdout 3 x"]);
  });

  it("keeps an unfinished line back until the program has ended", () => {
    const data = text(1, 1, piece("a"));
    expect(decode(data, data.length, false)).toEqual([]);
    expect(decode(data)).toEqual([`stdout 1 ${piece("a")}`]);
  });

  it("bounds a line without end", () => {
    const data = text(1, 1, piece("a"));
    let lines = 0;
    const frames = new LogFrames(() => lines++);
    for (let pieces = 0; pieces < 1025; pieces++) frames.push(data);
    expect(lines).toBe(1);
    expect(frames.messages).toBe(1025);
  });
});
