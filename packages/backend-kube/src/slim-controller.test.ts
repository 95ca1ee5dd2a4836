import type { V1Job, V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { asServed } from "./fixtures/as-served.ts";
import { LABEL } from "./manifests/labels.ts";
import { indexEnd, toSlimJob, toSlimStatefulSet } from "./slim-controller.ts";

const metadata = {
  name: "hello-01234567-w",
  labels: { [LABEL.uid]: "uid", [LABEL.role]: "worker" },
  creationTimestamp: "2026-01-02T03:04:05Z",
};
const spec = { parallelism: 3, completions: 3, backoffLimitPerIndex: 6, completionMode: "Indexed" };
const ended = "2026-01-02T03:05:00Z";

function job(changes: object = {}) {
  return toSlimJob(asServed<V1Job>({ metadata, spec, ...changes }));
}

describe("toSlimJob", () => {
  it("keeps what a Job is to have and what has ended", () => {
    const status = { active: 1, completedIndexes: "0", failedIndexes: "2" };
    expect(job({ status })).toEqual({
      kind: "Job",
      name: "hello-01234567-w",
      jobUid: "uid",
      role: "worker",
      replicas: 3,
      completions: 3,
      deleting: false,
      ending: false,
      createdAt: Date.parse("2026-01-02T03:04:05Z"),
      completed: "0",
      failed: "2",
      failureLimit: 6,
    });
  });

  it("has nothing to tell before the controller has looked at it", () => {
    expect(job()).toMatchObject({ completed: "", failed: "" });
    expect(job()).not.toHaveProperty("finished");
  });

  it.each([
    ["Complete", "Reached expected number of succeeded pods", true],
    ["Failed", "Job has failed indexes", false],
  ])("knows that it is %s", (type, message, well) => {
    const before = { type: `${type}Criteria`, status: "True", lastTransitionTime: ended };
    const condition = { type, status: "True", message, lastTransitionTime: ended };
    expect(job({ status: { conditions: [before, condition] } })?.finished).toEqual({
      well,
      message,
      at: Date.parse(ended),
    });
  });

  it("does not take for an end what is none", () => {
    const conditions = [
      { type: "FailureTarget", status: "True", lastTransitionTime: ended },
      { type: "Complete", status: "False", lastTransitionTime: ended },
    ];
    expect(job({ status: { conditions } })).not.toHaveProperty("finished");
  });

  it("keeps its indexes while it is to have no units, and shows that it is being deleted", () => {
    const paused = job({ spec: { ...spec, parallelism: 0 } });
    expect(paused).toMatchObject({ replicas: 0, completions: 3 });
    expect(job({ metadata: { ...metadata, deletionTimestamp: ended } })?.deleting).toBe(true);
  });

  it("is of no group without our labels", () => {
    expect(job({ metadata: { name: "other" } })).toBeUndefined();
    const labels = { ...metadata.labels, [LABEL.role]: "gateway" };
    expect(job({ metadata: { ...metadata, labels } })).toBeUndefined();
  });
});

describe("toSlimStatefulSet", () => {
  it("never ends by itself", () => {
    const set = asServed<V1StatefulSet>({ metadata, spec: { replicas: 2 }, status: {} });
    expect(toSlimStatefulSet(set)).toMatchObject({
      kind: "StatefulSet",
      replicas: 2,
      completions: 2,
      completed: "",
      failed: "",
      failureLimit: 0,
    });
    expect(toSlimStatefulSet(asServed<V1StatefulSet>({ metadata: {} }))).toBeUndefined();
  });
});

describe("indexEnd", () => {
  it("says of each index of a Job how it has ended", () => {
    const controller = job({ status: { completedIndexes: "0,2-3", failedIndexes: "4" } });
    if (!controller) throw new Error("no controller");
    expect([0, 1, 2, 3, 4, 5].map((index) => indexEnd(controller, index))).toEqual([
      "completed",
      undefined,
      "completed",
      "completed",
      "failed",
      undefined,
    ]);
  });
});
