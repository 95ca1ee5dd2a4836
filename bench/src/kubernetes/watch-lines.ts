import type { Readable } from "node:stream";

/** Lines of a watch's answer. Not by the readline module: its lines never end when the stream is destroyed. */
export async function* watchLines(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const text of stream) {
    const lines = (rest + String(text)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
