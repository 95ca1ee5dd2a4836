const NEWLINE = 10;

/**
 * The values of a stream that has one JSON text a line; an unfinished last line is lost. Lines of a megabyte come in many
 * pieces, so each piece is searched once.
 */
export async function* readJsonLines(stream: AsyncIterable<unknown>): AsyncGenerator {
  let pieces: Uint8Array[] = [];
  for await (const chunk of stream) {
    let rest = typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      pieces.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const line = Buffer.concat(pieces).toString("utf8");
      pieces = [];
      if (line.trim() !== "") yield JSON.parse(line);
    }
    if (rest.length > 0) pieces.push(rest);
  }
}
