/** Where a long job tells its user what it does. */
export interface Progress {
  /** Writes one line. */
  say(text: string): void;
  /** Runs `work` under a title, and writes how long it took. `detail` replaces the text shown while it runs. */
  step<T>(title: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
}

const noticeAfterMs = 15_000;

/** Progress in lines, each behind `prefix`; on a terminal a running step shows its seconds. */
export function lineProgress(stream: NodeJS.WriteStream, prefix = ""): Progress {
  const live = stream.isTTY && prefix === "";
  const say = (text: string) => stream.write(`${prefix}${text}\n`);
  return {
    say,
    async step(title, work) {
      const startedMs = Date.now();
      let detail = "";
      const show = () => {
        const text = `${title} … ${elapsed(startedMs)}${detail && ` · ${detail}`}`;
        if (live) stream.write(`\r\u001B[K${text.slice(0, stream.columns - 1)}`);
        else say(text);
      };
      if (live) show();
      const timer = setInterval(show, live ? 1000 : noticeAfterMs);
      try {
        const result = await work((text) => (detail = text));
        if (live) stream.write("\r\u001B[K");
        say(`${title}: done in ${elapsed(startedMs)}`);
        return result;
      } catch (error) {
        if (live) stream.write("\r\u001B[K");
        say(`${title}: failed after ${elapsed(startedMs)}`);
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** Seconds since `startedMs`, as text. */
export function elapsed(startedMs: number): string {
  return `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
}
