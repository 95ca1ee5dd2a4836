import { isObject } from "./is-object.ts";

/** The JSON objects of a stream that has one a line; other values are skipped, an unfinished last line is lost. */
export async function* readJsonLines(
  stream: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      const value: unknown = JSON.parse(line);
      if (isObject(value)) yield value;
    }
  }
}
