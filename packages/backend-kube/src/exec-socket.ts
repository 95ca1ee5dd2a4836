import { Exec, type KubeConfig } from "@kubernetes/client-node";
import { ManagerError } from "@juliarun/core";

/** The subprotocol that can say that standard input has ended. */
const PROTOCOL = "v5.channel.k8s.io";

/** Channels of the protocol: the first byte of every message. */
export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** What is used of the library's WebSocket. */
export interface ExecSocket {
  readonly protocol: string;
  send(data: Uint8Array, sent: (error?: Error | null) => void): void;
  /** Messages are no longer taken from the connection: the server then has to wait. */
  pause(): void;
  resume(): void;
  terminate(): void;
  once(event: "close", listener: () => void): void;
  on(event: "error", listener: (error: Error) => void): void;
}

/**
 * Opens the stream of a program in a container.
 * @throws ManagerError FORBIDDEN without the right, CAPABILITY_UNSUPPORTED for a cluster that is too old, BACKEND_UNREACHABLE.
 */
export async function openExecSocket(
  config: KubeConfig,
  path: string,
  onMessage: (channel: number, bytes: Buffer) => void,
): Promise<ExecSocket> {
  // The library gives its connections to no one else.
  const { handler } = new Exec(config);
  let socket: ExecSocket;
  try {
    socket = await handler.connect(path, null, (channel, bytes) => {
      onMessage(channel, bytes);
      return true;
    });
  } catch (error) {
    throw refused(config.getCurrentCluster()?.server ?? "", error);
  }
  if (socket.protocol === PROTOCOL) return socket;
  socket.terminate();
  throw new ManagerError(
    "CAPABILITY_UNSUPPORTED",
    "This Kubernetes cluster is too old for copying files.",
    { hint: "It needs version 1.30 or newer." },
  );
}

function refused(address: string, error: unknown): ManagerError {
  const words = wordsOf(error);
  const status = Number(/Unexpected server response: (\d{3})/.exec(words)?.[1]);
  if (status === 401) {
    return new ManagerError(
      "UNAUTHENTICATED",
      `The Kubernetes API server at ${address} does not accept the credentials (to run a program in a pod).`,
    );
  }
  if (status === 403) {
    return new ManagerError("FORBIDDEN", "Not allowed to run the programs of a copy in its pod.", {
      hint: "Copying files needs the rights to get and create pods/exec: the role juliarun-copy of deploy/kubernetes.",
    });
  }
  return new ManagerError(
    "BACKEND_UNREACHABLE",
    `The Kubernetes API server at ${address} does not open a stream to a pod: ${words}`,
  );
}

/** The library passes on an event, which holds the error. */
function wordsOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown error";
  return "message" in error ? String(error.message) : "unknown error";
}
