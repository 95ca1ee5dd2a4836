import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const SAMPLE_MS = 3000;
const SAMPLES = 3;

/** Waits until the processors have been almost idle for a few seconds; false when that took too long. */
export async function awaitQuiet(maxBusyShare: number, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  for (let quiet = 0; quiet < SAMPLES;) {
    quiet = (await busyShare()) <= maxBusyShare ? quiet + 1 : 0;
    if (performance.now() > until) return quiet >= SAMPLES;
  }
  return true;
}

async function busyShare(): Promise<number> {
  const before = await processorTimes();
  await delay(SAMPLE_MS);
  const after = await processorTimes();
  const total = after.total - before.total;
  return total === 0 ? 1 : 1 - (after.idle - before.idle) / total;
}

async function processorTimes(): Promise<{ idle: number; total: number }> {
  const [line = ""] = (await readFile("/proc/stat", "utf8")).split("\n");
  const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
  // user, nice, system, idle, iowait, …
  const idle = (times[3] ?? 0) + (times[4] ?? 0);
  return { idle, total: times.reduce((sum, time) => sum + time, 0) };
}
