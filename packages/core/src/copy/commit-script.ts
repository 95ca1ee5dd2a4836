import type { ByteText } from "./byte-text.ts";
import { quote } from "./volume-scripts.ts";

/** What shall be on a volume at the end; folders come before what is in them. */
export type CommitEntry = CommitFolder | CommitFile | CommitLink;

/** A folder, made where missing. One that is there stays as it is. */
export interface CommitFolder {
  readonly type: "folder";
  /** Path in the container. */
  readonly path: ByteText;
  /** Above what is copied: it may be a link to another folder of the volume. */
  readonly above?: boolean;
  /** Permissions of a new one. */
  readonly mode: number;
  /** Seconds since 1970; the time of the copy where absent. */
  readonly mtime?: number;
}

/** A file that is in the staging folder. */
export interface CommitFile {
  readonly type: "file";
  readonly path: ByteText;
  /** Its name there. */
  readonly staged: string;
  /** SHA-256 in hex of what was sent. */
  readonly sha256: string;
}

/** A symbolic link. */
export interface CommitLink {
  readonly type: "link";
  readonly path: ByteText;
  readonly target: ByteText;
}

/** Exit codes of the scripts, and what they mean. */
export const COMMIT_EXIT = { damaged: 60, blocked: 61 } as const;

/**
 * Looks, before anything is sent, whether anything of the destination is in the way: then the script writes the number of the
 * entry and what is there (`folder`, `file`, `link`), and ends with `COMMIT_EXIT.blocked`.
 */
export function checkScript(entries: readonly CommitEntry[]): ByteText {
  return `blocked() { echo "$1"; exit ${COMMIT_EXIT.blocked}; }
folder() {
  if [ -L "$2" ]; then blocked "$1 link"; fi
  if [ -e "$2" ] && ! [ -d "$2" ]; then blocked "$1 file"; fi
}
file() { if [ -d "$2" ] && ! [ -L "$2" ]; then blocked "$1 folder"; fi; }
${entries.flatMap((entry, index) => check(entry, index)).join("")}exit 0
`;
}

/**
 * Compares the staged files with what was sent, then gives each its name by renaming it; folders get their permissions and times
 * at the end. The staging folder is gone afterwards, also when something failed: then no file is there in part.
 */
export function commitScript(staging: string, entries: readonly CommitEntry[]): ByteText {
  const files = entries.filter((entry) => entry.type === "file");
  const links = entries.filter((entry) => entry.type === "link");
  const folders = entries.filter((entry) => entry.type === "folder");
  return `LC_ALL=C; export LC_ALL
stage=${quote(staging)}
trap 'cd /; rm -rf "$stage"' EXIT
cd "$stage" || exit ${COMMIT_EXIT.damaged}
blocked() { echo "$1 is in the way" >&2; exit ${COMMIT_EXIT.blocked}; }
${files.length === 0 ? "" : `sha256sum -c > sums.out 2>&1 <<'END' || { tail -n 3 sums.out >&2; exit ${COMMIT_EXIT.damaged}; }\n${files.map(({ sha256, staged }) => `${sha256}  ${staged}\n`).join("")}END\n`}set -e
above() {
  if [ -d "$2" ]; then eval "new_$1="; else mkdir "$2"; chmod 700 "$2"; eval "new_$1=1"; fi
}
folder() {
  if [ -L "$2" ]; then blocked "$2"; fi
  above "$1" "$2"
}
clear() {
  if [ -L "$1" ]; then rm -f "$1"; elif [ -d "$1" ]; then blocked "$1"; fi
}
file() { clear "$2"; mv -f "$1" "$2"; }
link() { clear "$2"; ln -s -- "$1" link; mv -f link "$2"; }
finish() {
  eval "new=\\$new_$1"
  if [ "$new" = 1 ]; then chmod "$3" "$2"; [ -z "$4" ] || touch -c -d "@$4" "$2"; fi
}
${folders.map(({ path, above }, index) => `${above ? "above" : "folder"} ${index} ${quote(path)}\n`).join("")}${files.map(({ staged, path }) => `file ${staged} ${quote(path)}\n`).join("")}${links.map(({ target, path }) => `link ${quote(target)} ${quote(path)}\n`).join("")}${folders
    .map(
      ({ path, mode, mtime }, index) =>
        `finish ${index} ${quote(path)} ${(mode & 0o777).toString(8)} ${quote(mtime === undefined ? "" : String(Math.floor(mtime)))}\n`,
    )
    .toReversed()
    .join("")}exit 0
`;
}

function check(entry: CommitEntry, index: number): ByteText[] {
  if (entry.type === "folder" && entry.above === true) return [];
  return [`${entry.type === "folder" ? "folder" : "file"} ${index} ${quote(entry.path)}\n`];
}
