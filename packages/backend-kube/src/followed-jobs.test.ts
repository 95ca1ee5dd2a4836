import { beforeEach, describe, expect, it } from "vitest";
import { FollowedJobs } from "./followed-jobs.ts";
import type { SlimController } from "./slim-controller.ts";
import type { SlimPod } from "./slim-pod.ts";

function controller(jobUid: string): SlimController {
  return {
    kind: "Job",
    name: `${jobUid}-job`,
    jobUid,
    role: "master",
    replicas: 1,
    ending: false,
    completions: 1,
    deleting: false,
    createdAt: 0,
    completed: "",
    failed: "",
    failureLimit: 0,
  };
}

function pod(jobUid: string, more: Partial<SlimPod> = {}): SlimPod {
  return {
    name: `${jobUid}-pod`,
    jobUid,
    role: "master",
    index: 0,
    phase: "Running",
    deleting: false,
    disrupted: false,
    createdAt: 0,
    failures: 0,
    restarts: 0,
    ...more,
  };
}

const setting = { now: 1000, imageLimitMs: 60_000, refusals: new Map() };
const RUNS = { running: { startedAt: 5 } };
const END = { exitCode: 0, outOfMemory: false, finishedAt: 9 };

let jobs: FollowedJobs;

beforeEach(() => {
  jobs = new FollowedJobs({
    pods: [pod("a", RUNS), pod("b", RUNS)],
    jobs: [controller("a"), controller("b")],
    sets: [],
  });
});

const statesOf = (): string[] =>
  jobs.units(setting).map(({ jobUid, state }) => `${jobUid} ${state}`);

describe("FollowedJobs", () => {
  it("makes anew the units of jobs that have changed, and no others", () => {
    const [a, b] = jobs.units(setting);
    const ended = pod("b", { end: END });
    jobs.tookPod({ type: "changed", name: ended.name, object: ended });
    const [sameA, newB] = jobs.units(setting);
    expect(sameA).toBe(a);
    expect(newB).not.toBe(b);
    expect(newB).toMatchObject({ state: "exited", exitCode: 0 });
  });

  it("shows new jobs, and no longer those whose last object is gone", () => {
    jobs.tookJob({ type: "changed", name: "c-job", object: controller("c") });
    expect(statesOf()).toEqual(["a running", "b running", "c pending"]);
    jobs.tookJob({ type: "deleted", name: "a-job", object: controller("a") });
    jobs.tookPod({ type: "deleted", name: "a-pod", object: pod("a") });
    expect(statesOf()).toEqual(["b running", "c pending"]);
  });

  it("asks for controllers without pods until they have some", () => {
    jobs.tookJob({ type: "changed", name: "c-job", object: controller("c") });
    jobs.units(setting);
    expect(jobs.bare().map(({ name }) => name)).toEqual(["c-job"]);
    jobs.tookPod({ type: "changed", name: "c-pod", object: pod("c") });
    expect(jobs.bare()).toEqual([]);
  });

  it("judges by the time what waits for an image", () => {
    const waits = pod("a", {
      phase: "Pending",
      waiting: { reason: "ImageNotFound", message: "It is not there." },
    });
    jobs.tookPod({ type: "changed", name: waits.name, object: waits });
    expect(jobs.units(setting)[0]?.error).toBeUndefined();
    expect(jobs.units({ ...setting, now: 90_000 })[0]?.error).toBe("It is not there.");
  });

  it("gives a name to the job that has it now", () => {
    jobs.tookPod({ type: "changed", name: "a-pod", object: { ...pod("c"), name: "a-pod" } });
    expect(jobs.of("a").pods).toEqual([]);
    expect(jobs.of("c").pods).toHaveLength(1);
  });
});
