import { once } from "node:events";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { ManagerError, type VolumeRun, type VolumeRunEnd } from "@juliarun/core";
import type Dockerode from "dockerode";
import type { DockerClient } from "./client.ts";

const DOING = "to run a program of a copy";
const END_LIMIT_MS = 5000;
const LOOK_AGAIN_MS = 25;
const HEADER_BYTES = 8;
const STDERR = 2;
/** What is kept of standard error: its end. */
const STDERR_CHARS = 4096;

/** Runs a program in a running container. Its end is asked of the engine: a stream may break. */
export async function execProgram(
  client: DockerClient,
  container: Dockerode.Container,
  command: readonly string[],
  input: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<VolumeRun> {
  const exec = await client.call(
    DOING,
    async () =>
      container.exec({
        Cmd: [...command],
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
      }),
    { signal },
  );
  const stream: Duplex = await client.call(
    DOING,
    async () => exec.start({ hijack: true, stdin: true }),
    { signal },
  );
  const stop = (): void => void stream.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();

  const end = Promise.withResolvers<VolumeRunEnd>();
  end.promise.catch(() => undefined);
  let failure: Error | undefined;
  // A broken connection shows where the output is read.
  stream.on("error", () => undefined);
  feed(stream, input).catch((error: unknown) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    stream.destroy();
  });

  async function* output(): AsyncGenerator<Uint8Array> {
    let stderr = "";
    try {
      for await (const { type, bytes } of demultiplex(stream)) {
        if (type !== STDERR) yield bytes;
        else stderr = (stderr + bytes.toString("latin1")).slice(-STDERR_CHARS);
      }
      if (failure !== undefined) throw failure;
      const exitCode = await exitCodeOf(client, exec, signal);
      if (exitCode === undefined) throw broken(client);
      end.resolve({ exitCode, stderr });
    } catch (error) {
      const told = failure ?? (signal?.aborted ? cancelled(signal) : toBroken(client, error));
      end.reject(told);
      throw told;
    } finally {
      signal?.removeEventListener("abort", stop);
      stream.destroy();
      // Whoever left before the end.
      end.reject(broken(client));
    }
  }
  return { output: output(), ended: end.promise };
}

/** Undefined: it still runs, so that it was the connection that ended. The engine may hear of an end after its output's. */
async function exitCodeOf(
  client: DockerClient,
  exec: Dockerode.Exec,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  for (let waitedMs = 0; waitedMs < END_LIMIT_MS; waitedMs += LOOK_AGAIN_MS) {
    const { ExitCode, Running } = await client.call(DOING, async () => exec.inspect(), { signal });
    if (!Running && ExitCode !== null) return ExitCode;
    await delay(LOOK_AGAIN_MS);
  }
  return undefined;
}

/** Writes the input as fast as the program reads it; a program that ends earlier does not want the rest. */
async function feed(stream: Duplex, input: AsyncIterable<Uint8Array>): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  stream.once("close", leave).once("end", leave);
  for await (const chunk of input) {
    if (gone.signal.aborted) return;
    if (stream.write(chunk)) continue;
    await once(stream, "drain", { signal: gone.signal }).catch(() => undefined);
  }
  if (!gone.signal.aborted) stream.end();
}

/** The engine's frames: the stream's number, three zeros, the length, the bytes. @throws Error when cut off. */
async function* demultiplex(
  stream: AsyncIterable<unknown>,
): AsyncGenerator<{ type: number; bytes: Buffer }> {
  let header = Buffer.alloc(0);
  let missing = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    let rest: Buffer = chunk;
    while (rest.length > 0) {
      if (missing === 0) {
        const need = HEADER_BYTES - header.length;
        header = Buffer.concat([header, rest.subarray(0, need)]);
        rest = rest.subarray(need);
        if (header.length < HEADER_BYTES) break;
        missing = header.readUInt32BE(4);
        if (missing === 0) header = Buffer.alloc(0);
        continue;
      }
      const bytes = rest.subarray(0, missing);
      rest = rest.subarray(bytes.length);
      missing -= bytes.length;
      yield { type: header[0] ?? 0, bytes };
      if (missing === 0) header = Buffer.alloc(0);
    }
  }
  if (missing > 0 || header.length > 0) throw new Error("cut off");
}

function toBroken(client: DockerClient, error: unknown): unknown {
  return error instanceof ManagerError ? error : broken(client, error);
}

function broken({ address }: DockerClient, cause?: unknown): ManagerError {
  return new ManagerError(
    "BACKEND_UNREACHABLE",
    `The connection to the Docker Engine at ${address} broke while files were copied.`,
    { hint: "Copy again: no file is there in part.", ...(cause === undefined ? {} : { cause }) },
  );
}

function cancelled(signal: AbortSignal): ManagerError {
  return new ManagerError("CANCELLED", "The copy was cancelled.", { cause: signal.reason });
}
