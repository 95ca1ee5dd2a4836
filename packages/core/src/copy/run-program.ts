import type { VolumeRunEnd, VolumeShell } from "../backend/volume-shell.ts";
import { bytesOf, type ByteText } from "./byte-text.ts";
import { SCRIPT_COMMAND } from "./volume-scripts.ts";

/** How a program ended, with its whole output. */
export interface ProgramResult extends VolumeRunEnd {
  readonly output: ByteText;
}

/** Runs a program whose output is short to its end. */
export async function runProgram(
  shell: VolumeShell,
  command: readonly string[],
  input: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<ProgramResult> {
  const run = await shell.run(command, input, signal);
  // Whoever breaks the loop below is told by it.
  run.ended.catch(() => undefined);
  let output = "";
  for await (const chunk of run.output) output += Buffer.from(chunk).toString("latin1");
  return { ...(await run.ended), output };
}

/** Runs a script of the shell. */
export async function runScript(
  shell: VolumeShell,
  script: ByteText,
  signal?: AbortSignal,
): Promise<ProgramResult> {
  return runProgram(shell, SCRIPT_COMMAND, inPieces(bytesOf(script)), signal);
}

const PIECE_BYTES = 65_536;

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
