import { expect, it } from "vitest";
import { readJsonLines } from "./json-lines.ts";

async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it.each([1, 2, 3, 7, 1000])(
  "puts lines together again that were cut every %s bytes",
  async (size) => {
    const values = [{ a: "ä€😀" }, { b: [1, 2] }, "x".repeat(50)];
    const text = values.map((value) => `${JSON.stringify(value)}\n`).join("\n");
    const read: unknown[] = [];
    for await (const value of readJsonLines(cut(`${text}{"unfinished":`, size))) read.push(value);
    expect(read).toEqual(values);
  },
);
