import { volumePath } from "../plan/volume-mounts.ts";
import type { ByteText } from "./byte-text.ts";

/** An unused container ends after so long, and any after a day. */
const IDLE_SECONDS = 20;
const LIMIT_SECONDS = 86_400;

/**
 * What the container of a volume runs beside the programs that copy: it ends when none of these is left, or by SIGTERM, and
 * then removes the staging folder. A copy whose maker was killed loses its programs with its connections.
 */
const GUARD = `stage=$1
end() {
  kill -9 -1 2>/dev/null
  [ -z "$stage" ] || rm -rf "$stage"
  exit 0
}
trap end TERM INT
idle=0 age=0
while [ "$idle" -lt ${IDLE_SECONDS} ] && [ "$age" -lt ${LIMIT_SECONDS} ]; do
  sleep 1 &
  wait "$!"
  idle=$((idle + 1)) age=$((age + 1))
  for process in /proc/[0-9]*; do
    [ "$process" = /proc/1 ] || idle=0
  done
done
end`;

/** See {@link GUARD}. */
export function guardCommand(staging = ""): string[] {
  return ["sh", "-c", GUARD, "sh", staging];
}

/** Where files wait on a volume until all have come. At its root, so that they need only be renamed. */
export function stagingPath(volume: string, id: string): string {
  return `${volumePath(volume)}/.jrun-cp-${id}`;
}

/** Any text as one word of a shell. */
export function quote(text: ByteText): ByteText {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Path in the container. */
export function pathOnVolume(volume: string, parts: readonly ByteText[]): ByteText {
  return [volumePath(volume), ...parts].join("/");
}

/** Runs the script that comes by standard input: names need not be UTF-8, which arguments must be. */
export const SCRIPT_COMMAND: readonly string[] = ["sh", "-s"];

/**
 * Says what is at a path: `none`, `file`, `folder`, `other`; `outside` where links lead out of the volume; `blocked` where
 * something above it is no folder.
 */
export function lookScript(volume: string, parts: readonly ByteText[]): ByteText {
  return `root=${quote(volumePath(volume))}
path=${quote(pathOnVolume(volume, parts))}
found=$path
until [ -e "$found" ] || [ -L "$found" ]; do found=\${found%/*}; done
folder=$found
[ -d "$found" ] || folder=\${found%/*}
real=$(cd -P "$folder" 2>/dev/null && pwd -P)
case $real/ in
  "$root"/*) ;;
  *) echo outside; exit 0 ;;
esac
if [ "$found" != "$path" ]; then
  if [ -d "$found" ]; then echo none; else echo blocked; fi
elif [ -d "$path" ]; then echo folder
elif [ -L "$path" ]; then
  real=$(readlink -f "$path" && echo .)
  case $real in
    "$root"/*) if [ -f "$path" ]; then echo file; else echo other; fi ;;
    *) echo outside ;;
  esac
elif [ -f "$path" ]; then echo file
else echo other
fi
exit 0
`;
}

/** Writes a folder's content, or a file, as a tar archive to standard output. */
export function archiveScript(
  volume: string,
  parts: readonly ByteText[],
  kind: "file" | "folder",
): ByteText {
  const path = pathOnVolume(volume, parts);
  const environment = "LC_ALL=C; export LC_ALL; unset TAR_OPTIONS; umask 077\n";
  if (kind === "folder") return `${environment}cd -P ${quote(path)} && exec tar -cf - .\nexit 1\n`;
  // A link is followed, as it was named itself.
  const name = parts.at(-1) ?? "";
  return `${environment}cd -P ${quote(pathOnVolume(volume, parts.slice(0, -1)))} && exec tar -chf - ${quote(`./${name}`)}\nexit 1\n`;
}

/** Unpacks the archive that comes by standard input into a new staging folder; nothing stays of an incomplete one. */
export function unpackCommand(staging: string): string[] {
  const script = `LC_ALL=C; export LC_ALL; unset TAR_OPTIONS
mkdir "$1" && chmod 700 "$1" && cd "$1" && tar -xpof - && exit 0
status=$?
rm -rf "$1"
exit "$status"`;
  return ["sh", "-c", script, "sh", staging];
}

/** Keeps what comes by standard input as the only staged file. */
export function keepCommand(staging: string, name: string): string[] {
  const script = `mkdir "$1" && chmod 700 "$1" && cd "$1" && cat > "$2" && chmod 644 "$2" && exit 0
status=$?
rm -rf "$1"
exit "$status"`;
  return ["sh", "-c", script, "sh", staging, name];
}
