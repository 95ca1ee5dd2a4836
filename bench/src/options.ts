import { parseArgs } from "node:util";

/** The measurements on a Docker Engine. */
const DOCKER = ["submit", "burst", "follow", "list"] as const;
/** The measurements on a Kubernetes cluster. */
const KUBERNETES = ["submit", "scale", "drain", "known"] as const;

/** Name of a measurement. */
export type DockerMeasurement = (typeof DOCKER)[number];
/** Name of a measurement. */
export type KubernetesMeasurement = (typeof KUBERNETES)[number];

interface CommonOptions {
  readonly pairs: number;
  /** Finished jobs to list (Docker); jobs to drain and to know (Kubernetes). */
  readonly jobs: number;
  /** How long to wait for an idle machine. */
  readonly quietTimeoutMs: number;
}

/** What to measure on a Docker Engine, and how often: `pairs` single submits, a fifth of it bursts, a tenth of it follows. */
export interface DockerOptions extends CommonOptions {
  readonly engine: "docker";
  readonly only: readonly DockerMeasurement[];
  /** Jobs in a burst. */
  readonly burst: number;
  /** Lines to follow. */
  readonly lines: number;
}

/** What to measure on a Kubernetes cluster, and how often: `pairs` single submits, ten times as many lists. */
export interface KubernetesOptions extends CommonOptions {
  readonly engine: "kubernetes";
  readonly only: readonly KubernetesMeasurement[];
  /** Workers to scale to. */
  readonly workers: number;
  /** Pairs of drains, and of scalings. */
  readonly rounds: number;
}

/** What to measure, and how often. */
export type BenchOptions = DockerOptions | KubernetesOptions;

export const USAGE = `Usage: npm run bench -- docker [options]
  --pairs 100         measurements of a single submit (bursts: a fifth, follows: a tenth of it)
  --burst 16          jobs at once
  --jobs 500          finished jobs to list
  --lines 200000      lines to follow
  --only submit,list  some of: ${DOCKER.join(", ")}
       npm run bench -- kubernetes [options]
  --pairs 100         measurements of a single submit (lists: ten times as many)
  --jobs 2000         jobs to drain, and jobs to know
  --workers 500       workers to scale to
  --rounds 3          measurements of a drain, and of a scaling
  --only drain,known  some of: ${KUBERNETES.join(", ")}
For both:
  --quiet-timeout 60  seconds to wait until the machine is idle
`;

/** @throws Error for anything that is not in {@link USAGE}. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      pairs: text,
      burst: text,
      jobs: text,
      lines: text,
      workers: text,
      rounds: text,
      only: text,
      "quiet-timeout": text,
    },
  });
  const count = (option: keyof typeof values, preset: number, least = 1): number =>
    toCount(option, values[option] ?? String(preset), least);
  const quietTimeoutMs = count("quiet-timeout", 60, 0) * 1000;
  const pairs = count("pairs", 100);
  switch (positionals.join(" ")) {
    case "docker":
      return {
        engine: "docker",
        only: toMeasurements(values.only, DOCKER),
        pairs,
        burst: count("burst", 16),
        jobs: count("jobs", 500),
        lines: count("lines", 200_000),
        quietTimeoutMs,
      };
    case "kubernetes":
      return {
        engine: "kubernetes",
        only: toMeasurements(values.only, KUBERNETES),
        pairs,
        jobs: count("jobs", 2000),
        workers: count("workers", 500, 2),
        rounds: count("rounds", 3),
        quietTimeoutMs,
      };
    default:
      throw new Error("Say what to measure: docker, or kubernetes.");
  }
}

function toMeasurements<Name extends string>(
  text: string | undefined,
  names: readonly Name[],
): readonly Name[] {
  return text === undefined ? names : text.split(",").map((each) => toMeasurement(each, names));
}

function toMeasurement<Name extends string>(text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (!found) throw new Error(`--only ${text}: there are ${names.join(", ")}.`);
  return found;
}

function toCount(option: string, text: string, least: number): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw new Error(`--${option} ${text}: must be a whole number, at least ${least}.`);
}
