import { describe, expect, it } from "vitest";
import { testRequest } from "../fixtures/controller-request.ts";
import { toIndexedJob } from "./indexed-job.ts";
import { toPodTemplate } from "./pod-template.ts";

const UID = "01234567-89ab-4def-8123-456789abcdef";

describe("toIndexedJob", () => {
  it("is a Job of one pod for a master", () => {
    const request = testRequest({}, { labels: { team: "a b" } });
    expect(toIndexedJob(request)).toEqual({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: "hello-01234567",
        namespace: "test",
        labels: {
          "app.kubernetes.io/managed-by": "juliarun",
          "app.kubernetes.io/component": "unit",
          "juliarun/job": "hello",
          "juliarun/uid": UID,
          "juliarun/role": "master",
        },
        annotations: { "juliarun/labels": '{"team":"a b"}' },
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "hello", uid: "owner-uid" }],
      },
      spec: {
        completionMode: "Indexed",
        parallelism: 1,
        completions: 1,
        backoffLimitPerIndex: 6,
        podFailurePolicy: {
          rules: [
            { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          ],
        },
        podReplacementPolicy: "Failed",
        template: toPodTemplate(request, "Job"),
      },
    });
  });

  it("has an index for each worker, and stays incomplete without workers", () => {
    const request = testRequest({ role: "worker", replicas: 3 });
    expect(toIndexedJob(request).spec).toMatchObject({ parallelism: 3, completions: 3 });
    const none = toIndexedJob({ ...request, replicas: 0 });
    expect(none.spec).toMatchObject({ parallelism: 0, completions: 1 });
    expect(none.metadata?.name).toBe("hello-01234567-w");
  });

  it("restarts nothing where the policy is never", () => {
    const request = testRequest({ restart: { policy: "never", maxRestarts: 6 } });
    expect(toIndexedJob(request).spec?.backoffLimitPerIndex).toBe(0);
  });
});
