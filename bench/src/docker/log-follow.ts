import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "@juliarun/core";
import type Dockerode from "dockerode";
import { toFigure, type Figure } from "../figure.ts";
import { interleave } from "../interleave.ts";
import type { Stage } from "./stage.ts";

const JOB = "lines";
const POLL_MS = 200;
/** Of a frame: stream and length. */
const HEADER_BYTES = 8;
const NEWLINE = 0x0a;

/** Following the log of a running job from its beginning, beside a loop around dockerode with the same request. */
export async function followLog(
  { cluster, jobs, onPair }: Stage,
  lines: number,
  pairs: number,
): Promise<Figure[]> {
  const { context } = cluster;
  const running = jobs.running(JOB);
  await context.submit(cluster.job(JOB, "lines", [String(lines)]));
  await running;
  const container = await cluster.containerOf(JOB);
  const whileWritten = await checkFollow(context, lines);
  await untilWritten(container, lines);
  const rate = async (follow: () => Promise<void>): Promise<number> => {
    const begin = performance.now();
    await follow();
    return (lines / (performance.now() - begin)) * 1000;
  };
  const rates = await interleave({
    pairs,
    warmUps: 1,
    onPair,
    ours: async () => rate(async () => followOurs(context, lines)),
    raw: async () => rate(async () => followRaw(container, lines)),
  });
  const lost = whileWritten + (await checkFollow(context, lines));
  await context.delete(JOB, { force: true });
  const goal = { of: "ratio", comparison: "at least", limit: 0.95 } as const;
  return [
    toFigure({ what: `log follow of ${lines} lines`, unit: "lines/s", goal }, rates),
    {
      what: "the same, and once while they are written: lines lost, doubled or in another place",
      unit: "lines",
      ours: lost,
      measurements: 1,
      goal: { of: "ours", comparison: "at most", limit: 0 },
    },
  ];
}

async function followOurs(context: Context, lines: number): Promise<void> {
  const done = new AbortController();
  let count = 0;
  for await (const batch of context.tailBatches({
    job: JOB,
    follow: true,
    signal: done.signal,
  })) {
    count += batch.length;
    if (count >= lines) done.abort();
  }
}

async function followRaw(container: Dockerode.Container, lines: number): Promise<void> {
  const done = new AbortController();
  const stream = await container.logs({
    follow: true,
    stdout: true,
    stderr: true,
    timestamps: true,
    abortSignal: done.signal,
  });
  const counter = new LineCounter();
  await new Promise<void>((resolve, reject) => {
    stream.on("data", (chunk: Buffer) => {
      counter.push(chunk);
      if (counter.lines >= lines) resolve();
    });
    stream.on("error", reject);
  });
  stream.on("error", () => undefined);
  done.abort();
}

/** The least that has to be done with a log: it takes frames apart and counts the lines in them. */
class LineCounter {
  lines = 0;
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (data.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + data.readUInt32BE(at + 4);
      if (end > data.length) break;
      if (data[end - 1] === NEWLINE) this.lines++;
      at = end;
    }
    this.#rest = data.subarray(at);
  }
}

/** Lines that are not the ones that the program has written, in its order. */
async function checkFollow(context: Context, lines: number): Promise<number> {
  const done = new AbortController();
  let [expected, wrong] = [1, 0];
  for await (const batch of context.tailBatches({
    job: JOB,
    follow: true,
    signal: done.signal,
  })) {
    for (const { line } of batch) {
      const number = Number.parseInt(Buffer.from(line.subarray(0, 12)).toString("latin1"), 10);
      if (number !== expected) wrong++;
      expected++;
    }
    if (expected > lines) done.abort();
  }
  return wrong + Math.abs(expected - 1 - lines);
}

/** Resolves when the engine has the last line. */
async function untilWritten(container: Dockerode.Container, lines: number): Promise<void> {
  for (;;) {
    const last = await container.logs({ stdout: true, tail: 1 });
    if (last.includes(`${lines} of some lines`)) return;
    await delay(POLL_MS);
  }
}
