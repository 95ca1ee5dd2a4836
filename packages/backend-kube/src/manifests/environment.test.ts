import { describe, expect, it } from "vitest";
import { linkedRequest, testRequest } from "../fixtures/controller-request.ts";
import type { ControllerKind } from "./controller-kind.ts";
import type { ControllerRequest } from "./controller-request.ts";
import { toEnvironment } from "./environment.ts";

const UID = "01234567-89ab-4def-8123-456789abcdef";

function environment(request: ControllerRequest, kind: ControllerKind = "Job"): unknown {
  return toEnvironment(request.record, request.group, kind);
}

/** What comes last of a worker's. */
function numbered(fieldPath: string): unknown[] {
  return [
    { name: "JRUN_WORKER_INDEX", valueFrom: { fieldRef: { fieldPath } } },
    { name: "JRUN_UNIT", value: "worker-$(JRUN_WORKER_INDEX)" },
  ];
}

describe("toEnvironment", () => {
  it("is the plan's and the unit's, and the user's text stays as it is", () => {
    const request = testRequest({ container: { env: { A: "$(B)", JRUN_UNIT: "forged" } } });
    expect(environment(request)).toEqual([
      { name: "A", value: "$$(B)" },
      { name: "JRUN_UNIT", value: "master" },
      { name: "JRUN_UID", value: UID },
      { name: "JRUN_ROLE", value: "master" },
    ]);
  });

  it("numbers workers of a Job by its index, and of a StatefulSet by the pod's", () => {
    const forged = { JRUN_UNIT: "worker-7", JRUN_WORKER_INDEX: "7" };
    const request = testRequest({ role: "worker", container: { env: forged } });
    const fixed = [
      { name: "JRUN_UID", value: UID },
      { name: "JRUN_ROLE", value: "worker" },
    ];
    expect(environment(request, "Job")).toEqual([
      ...fixed,
      ...numbered("metadata.annotations['batch.kubernetes.io/job-completion-index']"),
    ]);
    expect(environment(request, "StatefulSet")).toEqual([
      ...fixed,
      ...numbered("metadata.labels['apps.kubernetes.io/pod-index']"),
    ]);
  });

  it("tells the master's name to the units of a job with workers", () => {
    const host = { name: "JRUN_MASTER_HOST", value: "hello" };
    expect(environment(linkedRequest("master"))).toContainEqual(host);
    expect(environment(linkedRequest("worker"), "StatefulSet")).toContainEqual(host);
    expect(environment(testRequest())).not.toContainEqual(host);
  });

  it("asks the wrapper to mark stderr", () => {
    const request = testRequest({ container: { runtime: true } });
    expect(environment(request)).toContainEqual({ name: "JRUN_MARK_STDERR", value: "1" });
  });
});
