/** Characters of a ConfigMap's keys that stand for themselves; `_` begins the code of any other. */
const OTHERS = /[^A-Za-z0-9.-]|^\./gu;

/**
 * The key of a file in a ConfigMap: a path with every other character as `_` and the two hex digits of each of its UTF-8 bytes.
 * Different paths have different keys: `lib/folder.sh` is `lib_2ffolder.sh`.
 */
export function configMapKey(path: string): string {
  return path.replaceAll(OTHERS, (character) =>
    [...Buffer.from(character, "utf8")]
      .map((byte) => `_${byte.toString(16).padStart(2, "0")}`)
      .join(""),
  );
}
