import { expect } from "vitest";
import type { JrunFolder } from "./jrun-folder.ts";

const SIZE = ["--image", "sh", "--cpu", "10m", "--memory", "16Mi"];
const WORKER_SIZE = ["--worker-cpu", "10m", "--worker-memory", "16Mi"];
const ENDLESS = "while :; do sleep 1; done";

/** The job types that run a Julia program. */
const TYPES = ["JuliaBatch", "JuliaParBatch", "JuliaParBatchWorkers"] as const;

async function submit(
  place: JrunFolder,
  [type, name]: readonly [(typeof TYPES)[number], string],
  script: string,
  ...flags: readonly string[]
): Promise<void> {
  const path = await place.file(`${name}.sh`, script);
  const workers = {
    JuliaBatch: [],
    JuliaParBatch: ["--nworkers", "1", "--worker-start-script", path, ...WORKER_SIZE],
    JuliaParBatchWorkers: ["--nworkers", "2"],
  }[type];
  await place.jrun("submit", type, name, path, "juliarun", ...SIZE, ...workers, ...flags);
}

/** A job's end: phase and reason. */
async function endOf(place: JrunFolder, name: string): Promise<readonly [string, string]> {
  await place.run("wait", name);
  const { phase, reason } = (await place.job(name)).status;
  return [phase, reason];
}

/** A deadline stops a job of each type, with all its units. */
export async function deadlines(place: JrunFolder): Promise<void> {
  const names = TYPES.map((type) => [type, `long-${type.toLowerCase()}`] as const);
  for (const each of names) await submit(place, each, ENDLESS, "--max-runtime", "2s");
  for (const [, name] of names) {
    expect([name, ...(await endOf(place, name))]).toEqual([name, "failed", "DeadlineExceeded"]);
    expect((await place.job(name)).status.nworkersRunning).toBe(0);
  }
}

/** Restarts are counted for each process of a type, up to the job's own limit. */
export async function restarts(place: JrunFolder): Promise<void> {
  const names = TYPES.map((type) => [type, `bad-${type.toLowerCase()}`] as const);
  // Only masters of a linked job, whose workers wait for them.
  const script = `[ "$JRUN_TYPE $JRUN_ROLE" != "JuliaParBatch worker" ] || ${ENDLESS.replaceAll("\n", ";")}\nexit 3\n`;
  for (const each of names) await submit(place, each, script, "--max-restarts", "1");
  const never = ["JuliaBatch", "never"] as const;
  await submit(place, never, script, "--restart", "never");
  for (const [, name] of names) {
    expect((await endOf(place, name))[0]).toBe("failed");
    expect([name, await mostStarts(place, name)]).toEqual([name, 2]);
  }
  expect((await endOf(place, "never"))[0]).toBe("failed");
  expect(await mostStarts(place, "never")).toBe(1);
}

/** How often the unit was started that was started most often. */
async function mostStarts(place: JrunFolder, name: string): Promise<number> {
  const { units } = (await place.job(name)).status;
  return Math.max(...units.map(({ attempts }) => attempts));
}

/** Environments of master and workers, labels, dependencies and the time that a finished job is kept, of each type. */
export async function surroundings(place: JrunFolder): Promise<void> {
  const before = ["JuliaBatch", "before"] as const;
  await submit(place, before, "true", "--labels", "stage=first");
  const show = `echo "$JRUN_ROLE $COMMON $OWN" >"/mnt/juliarun/$JRUN_NAME-$JRUN_ROLE"`;
  const until = `until [ -e /mnt/juliarun/pair-worker ]; do sleep 0.1; done`;
  const after = ["--after", "before", "--labels", "stage=second", "--envvars", "COMMON=all"];
  await submit(place, ["JuliaBatch", "one"], show, ...after, "--envvars", "OWN=one");
  const pair = `${show}\n[ "$JRUN_ROLE" = worker ] || { ${until}; exit 0; }\n${ENDLESS}\n`;
  await submit(place, ["JuliaParBatch", "pair"], pair, ...after, "--worker-envvars", "OWN=worker");
  await submit(place, ["JuliaParBatchWorkers", "array"], show, ...after, "--envvars", "OWN=array");
  for (const name of ["one", "pair", "array"])
    expect([name, (await endOf(place, name))[0]]).toEqual([name, "succeeded"]);
  expect(await place.readFile("one-master")).toBe("master all one\n");
  expect(await place.readFile("pair-master")).toBe("master all \n");
  expect(await place.readFile("pair-worker")).toBe("worker all worker\n");
  expect(await place.readFile("array-worker")).toBe("worker all array\n");
  const second = await place.jrun("ls", "-l", "stage=second", "-o", "name");
  expect(second.trim().split("\n")).toEqual(["one", "pair", "array"]);
  const gone = TYPES.map((type) => [type, `gone-${type.toLowerCase()}`] as const);
  const ending = `[ "$JRUN_TYPE $JRUN_ROLE" != "JuliaParBatch worker" ] || ${ENDLESS}`;
  for (const each of gone) await submit(place, each, ending, "--keep-after-finish", "0");
  const left = async (): Promise<string> => place.jrun("ls", "-o", "name");
  await expect.poll(left, { timeout: 40_000 }).toBe("before\none\npair\narray\n");
}
