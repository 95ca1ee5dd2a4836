import { createInterface } from "node:readline";
import type Docker from "dockerode";

/** Something that happened to a container of a job. */
export interface ContainerEvent {
  /** The engine's word: `create`, `start`, `die`, `destroy`, … */
  readonly action: string;
  readonly containerId: string;
  readonly job: string;
  /** `master` or `worker-<i>`. */
  readonly unit: string;
}

interface EngineMessage {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Everything that happens to the containers of a namespace, as the engine tells it, in its order. */
export class ContainerEvents implements Disposable {
  readonly seen: ContainerEvent[] = [];
  readonly #abort: AbortController;
  readonly #watchers = new Set<() => void>();

  private constructor(stream: NodeJS.ReadableStream, abort: AbortController) {
    this.#abort = abort;
    // The engine may be stopped by a test, and the stream with it.
    stream.on("error", () => undefined);
    const lines = createInterface({ input: stream });
    lines.on("error", () => undefined);
    lines.on("line", (line) => {
      this.seen.push(toEvent(JSON.parse(line) as EngineMessage));
      for (const watcher of this.#watchers) watcher();
    });
  }

  /** Begins to listen: what happens after this is seen. */
  static async follow(docker: Docker, namespace: string): Promise<ContainerEvents> {
    const abort = new AbortController();
    const stream = await docker.getEvents({
      filters: { type: ["container"], label: [`juliarun.namespace=${namespace}`] },
      abortSignal: abort.signal,
    });
    return new ContainerEvents(stream, abort);
  }

  /** Resolves once so many events of that kind have been seen, of any job or of one. */
  async until(action: string, count = 1, job?: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.count(action, job) < count) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  count(action: string, job?: string): number {
    return this.seen.filter((each) => each.action === action && (!job || each.job === job)).length;
  }

  /** The most containers that ran at any time. */
  get mostRunning(): number {
    const running = new Set<string>();
    let most = 0;
    for (const { action, containerId } of this.seen) {
      if (action === "start") running.add(containerId);
      if (action === "die") running.delete(containerId);
      most = Math.max(most, running.size);
    }
    return most;
  }

  [Symbol.dispose](): void {
    this.#abort.abort();
  }
}

function toEvent({ Action: action, Actor: { ID: containerId, Attributes } }: EngineMessage) {
  const role = Attributes["juliarun.role"] ?? "";
  const unit = role === "worker" ? `worker-${Attributes["juliarun.index"]}` : role;
  return { action, containerId, job: Attributes["juliarun.job"] ?? "", unit };
}
