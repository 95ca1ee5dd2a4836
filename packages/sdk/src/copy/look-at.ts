import {
  lookScript,
  ManagerError,
  runScript,
  showBytes,
  type ByteText,
  type PathKind,
  type VolumeShell,
} from "@juliarun/core";
import { volumeFailed } from "./copy-failed.ts";

/**
 * What is at a path of a volume.
 * @throws ManagerError SPEC_INVALID where links lead out of the volume, or something above is no folder; COPY_FAILED.
 */
export async function lookAt(
  shell: VolumeShell,
  { volume, parts }: { readonly volume: string; readonly parts: readonly ByteText[] },
  signal: AbortSignal | undefined,
): Promise<PathKind> {
  const shown = `${volume}:/${showBytes(parts.join("/"))}`;
  const { exitCode, output, stderr } = await runScript(shell, lookScript(volume, parts), signal);
  const answer = output.trim();
  if (exitCode !== 0) throw volumeFailed(volume, "look at", stderr);
  switch (answer) {
    case "none":
    case "file":
    case "folder":
    case "other":
      return answer;
    case "outside":
      throw new ManagerError(
        "SPEC_INVALID",
        `${shown} leads out of the volume by a symbolic link.`,
        {
          hint: "Name a path that stays on the volume.",
        },
      );
    case "blocked":
      throw new ManagerError("SPEC_INVALID", `A folder above ${shown} is a file.`, {
        hint: "Name another destination, or remove the file.",
      });
    default:
      throw volumeFailed(volume, "look at", stderr || answer);
  }
}
