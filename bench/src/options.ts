import { parseArgs } from "node:util";

/** The measurements. */
export const MEASUREMENTS = ["submit", "burst", "follow", "list"] as const;

/** Name of a measurement. */
export type Measurement = (typeof MEASUREMENTS)[number];

/** What to measure, and how often. */
export interface BenchOptions {
  readonly only: readonly Measurement[];
  /** Single submits; a fifth of it bursts, a tenth of it follows. */
  readonly pairs: number;
  /** Jobs in a burst. */
  readonly burst: number;
  /** Finished jobs to list. */
  readonly jobs: number;
  /** Lines to follow. */
  readonly lines: number;
  /** How long to wait for an idle machine. */
  readonly quietTimeoutMs: number;
}

export const USAGE = `Usage: npm run bench -- docker [options]
  --pairs 100         measurements of a single submit (bursts: a fifth, follows: a tenth of it)
  --burst 16          jobs at once
  --jobs 500          finished jobs to list
  --lines 200000      lines to follow
  --only submit,list  some of: ${MEASUREMENTS.join(", ")}
  --quiet-timeout 60  seconds to wait until the machine is idle
`;

/** @throws Error for anything that is not in {@link USAGE}. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      pairs: { type: "string", default: "100" },
      burst: { type: "string", default: "16" },
      jobs: { type: "string", default: "500" },
      lines: { type: "string", default: "200000" },
      only: { type: "string", default: MEASUREMENTS.join(",") },
      "quiet-timeout": { type: "string", default: "60" },
    },
  });
  if (positionals.join(" ") !== "docker") throw new Error("Say what to measure: docker.");
  return {
    only: values.only.split(",").map(toMeasurement),
    pairs: toCount("pairs", values.pairs, 1),
    burst: toCount("burst", values.burst, 1),
    jobs: toCount("jobs", values.jobs, 1),
    lines: toCount("lines", values.lines, 1),
    quietTimeoutMs: toCount("quiet-timeout", values["quiet-timeout"], 0) * 1000,
  };
}

function toMeasurement(text: string): Measurement {
  const found = MEASUREMENTS.find((name) => name === text);
  if (!found) throw new Error(`--only ${text}: there are ${MEASUREMENTS.join(", ")}.`);
  return found;
}

function toCount(option: string, text: string, least: number): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw new Error(`--${option} ${text}: must be a whole number, at least ${least}.`);
}
