import { once } from "node:events";
import { PassThrough } from "node:stream";
import { isManagerError, ManagerError, type VolumeRun, type VolumeRunEnd } from "@juliarun/core";
import type { KubeClient } from "./client.ts";
import { CHANNEL, type ExecSocket } from "./exec-socket.ts";
import { isObject } from "./is-object.ts";

/** What is read ahead of standard output. */
const AHEAD_BYTES = 1024 * 1024;
/** Of one message: as kubectl does. */
const MESSAGE_BYTES = 32_768;
/** What is kept of standard error: its end. */
const STDERR_CHARS = 4096;

/** Runs a program in a container of a pod. How it ended is told by the API server; a stream that breaks is an error. */
export async function execProgram(
  client: KubeClient,
  pod: string,
  container: string,
  command: readonly string[],
  input: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<VolumeRun> {
  if (signal?.aborted) throw cancelled(signal);
  const stdout = new PassThrough({ highWaterMark: AHEAD_BYTES });
  // Shows where the output is read.
  stdout.on("error", () => undefined);
  const end = Promise.withResolvers<VolumeRunEnd>();
  end.promise.catch(() => undefined);
  let socket: ExecSocket | undefined;
  let stderr = "";
  let exitCode: number | undefined;
  const take = (channel: number, bytes: Buffer): void => {
    if (channel === CHANNEL.stderr)
      stderr = (stderr + bytes.toString("latin1")).slice(-STDERR_CHARS);
    else if (channel === CHANNEL.status) {
      // The last message, after all output; the connection's own end may come late.
      exitCode = toExitCode(bytes.toString("utf8"));
      if (exitCode === undefined) stdout.destroy(broken(client));
      else stdout.end();
    } else if (channel === CHANNEL.stdout && stdout.writable && !stdout.write(bytes)) {
      socket?.pause();
      stdout.once("drain", () => socket?.resume());
    }
  };
  const opened = await client.openExec(pod, container, command, take);
  socket = opened;
  const stop = (): void => void stdout.destroy(signal && cancelled(signal));
  signal?.addEventListener("abort", stop, { once: true });
  const closed = new AbortController();
  opened.on("error", () => undefined);
  opened.once("close", () => {
    closed.abort();
    if (exitCode === undefined) stdout.destroy(broken(client));
  });
  stdout.once("close", () => {
    signal?.removeEventListener("abort", stop);
    opened.resume();
    opened.terminate();
    if (exitCode !== undefined && stdout.errored === null) end.resolve({ exitCode, stderr });
    else end.reject(stdout.errored ?? broken(client));
  });
  feed(opened, input, closed.signal).catch((error: unknown) => {
    stdout.destroy(isManagerError(error) || error instanceof Error ? error : broken(client));
  });
  if (signal?.aborted) stop();
  return { output: stdout, ended: end.promise };
}

/** Writes the input, each piece when the one before has left; a program that has ended does not want the rest. */
async function feed(
  socket: ExecSocket,
  input: AsyncIterable<Uint8Array>,
  closed: AbortSignal,
): Promise<void> {
  const gone = once(closed, "abort");
  const send = async (message: Uint8Array): Promise<void> => {
    const sent = new Promise<void>((resolve) => socket.send(message, () => resolve()));
    await Promise.race([sent, gone]);
  };
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; at += MESSAGE_BYTES) {
      if (closed.aborted) return;
      const piece = chunk.subarray(at, at + MESSAGE_BYTES);
      await send(Buffer.concat([Buffer.of(CHANNEL.stdin), piece]));
    }
  }
  if (!closed.aborted) await send(Buffer.of(CHANNEL.close, CHANNEL.stdin));
}

/** Undefined for a status that tells of no end: the program may not even have begun. */
function toExitCode(text: string): number | undefined {
  let status: unknown;
  try {
    status = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(status)) return undefined;
  if (status["status"] === "Success") return 0;
  const details = status["details"];
  const causes: unknown = isObject(details) ? details["causes"] : undefined;
  for (const cause of Array.isArray(causes) ? causes : [])
    if (isObject(cause) && cause["reason"] === "ExitCode") return Number(cause["message"]);
  return undefined;
}

function broken({ address }: KubeClient): ManagerError {
  return new ManagerError(
    "BACKEND_UNREACHABLE",
    `The stream to a pod by the Kubernetes API server at ${address} broke while files were copied.`,
    { hint: "Copy again: no file is there in part." },
  );
}

function cancelled(signal: AbortSignal): ManagerError {
  return new ManagerError("CANCELLED", "The copy was cancelled.", { cause: signal.reason });
}
