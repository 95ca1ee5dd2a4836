import type Docker from "dockerode";
import type { Progress } from "../progress/progress.ts";

// A registry that answers sends something at least this often; one that is cut off sends nothing for minutes.
const silenceTimeoutMs = 20_000;

/** Pulls an image; undefined, or why it could not. */
export async function pullImage(
  docker: Docker,
  reference: string,
  progress: Progress,
): Promise<string | undefined> {
  try {
    await progress.step(`Pulling ${reference}`, (detail) => pull(docker, reference, detail));
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    progress.say(`  ${reason}`);
    return reason;
  }
}

async function pull(
  docker: Docker,
  reference: string,
  detail: (text: string) => void,
): Promise<void> {
  const silence = new SilenceTimer(silenceTimeoutMs);
  try {
    const events = await silence.guard(docker.pull(reference, { abortSignal: silence.signal }));
    await silence.guard(finish(docker, events, silence, detail));
  } finally {
    silence.stop();
  }
}

function finish(
  docker: Docker,
  events: NodeJS.ReadableStream,
  silence: SilenceTimer,
  detail: (text: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      events,
      (error) => (error ? reject(error) : resolve()),
      (event: { id?: string; status?: string; progress?: string }) => {
        silence.reset();
        detail([event.id, event.status, event.progress].filter(Boolean).join(" "));
      },
    );
  });
}

class SilenceTimer {
  readonly #controller = new AbortController();
  readonly #silent = Promise.withResolvers<never>();
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#silent.promise.catch(() => {});
    this.#timer = setTimeout(() => {
      const error = new Error(`the registry sent nothing for ${timeoutMs / 1000} s`);
      this.#silent.reject(error);
      this.#controller.abort(error);
    }, timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  reset(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  guard<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#silent.promise]);
  }
}
