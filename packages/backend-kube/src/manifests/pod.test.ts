import { describe, expect, it } from "vitest";
import { linkedRequest, testRequest } from "../fixtures/controller-request.ts";
import { toPodTemplate } from "./pod-template.ts";
import { toTrialPod } from "./pod.ts";

describe("toTrialPod", () => {
  it("is a pod as the controller would make it, without owner", () => {
    const request = testRequest({}, { labels: { team: "a" } });
    const template = toPodTemplate(request, "Job");
    expect(toTrialPod(request)).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        labels: template.metadata?.labels,
        annotations: { "juliarun/labels": '{"team":"a"}' },
        name: "hello-01234567-trial",
        namespace: "test",
      },
      spec: template.spec,
    });
  });

  it("restarts as its controller would", () => {
    expect(toTrialPod(linkedRequest("worker")).spec?.restartPolicy).toBe("Never");
    const always = testRequest({ role: "worker", restart: { policy: "always", maxRestarts: 0 } });
    expect(toTrialPod(always).spec?.restartPolicy).toBe("Always");
  });
});
