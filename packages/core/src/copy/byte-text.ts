/**
 * Names of files are bytes, which need not be UTF-8. A *byte text* holds them in a string, each character of which is one
 * byte, so that names can be split, compared and kept in maps, and none is changed on its way.
 */
export type ByteText = string;

/** A usual text as the bytes of its UTF-8. */
export function toByteText(text: string): ByteText {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The bytes themselves. */
export function bytesOf(text: ByteText): Buffer {
  return Buffer.from(text, "latin1");
}

/** For people: as UTF-8 where it is, with what would disturb a terminal written out. */
export function showBytes(text: ByteText): string {
  const decoded = bytesOf(text).toString("utf8");
  // oxlint-disable-next-line no-control-regex
  return decoded.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
