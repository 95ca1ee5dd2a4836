import type { Writable } from "node:stream";
import type { Context, InitOptions } from "@juliarun/sdk";

/** An output of the process, or what stands for it in a test. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything that the command line has of the outside world. */
export interface CliIo {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** For commands that read it; none where absent. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts when the user wants the command to end, or nobody reads its output any more; the reason says which. */
  readonly signal: AbortSignal;
  /** Opens a context; `init()` of the SDK where absent. */
  readonly init?: (options: InitOptions) => Promise<Context>;
}
