import { describe, expect, it } from "vitest";
import { linkedRequest } from "../fixtures/controller-request.ts";
import { toPodTemplate } from "./pod-template.ts";
import { toStatefulSet } from "./stateful-set.ts";

const UID = "01234567-89ab-4def-8123-456789abcdef";

describe("toStatefulSet", () => {
  it("starts numbered pods all at once, and selects those of this submit only", () => {
    const request = linkedRequest("worker", 4);
    const labels = {
      "app.kubernetes.io/managed-by": "juliarun",
      "app.kubernetes.io/component": "unit",
      "juliarun/job": "hello",
      "juliarun/uid": UID,
      "juliarun/role": "worker",
    };
    expect(toStatefulSet(request)).toEqual({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: {
        name: "hello-01234567-w",
        namespace: "test",
        labels,
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "hello", uid: "owner-uid" }],
      },
      spec: {
        replicas: 4,
        serviceName: "hello",
        podManagementPolicy: "Parallel",
        selector: { matchLabels: { "juliarun/uid": UID, "juliarun/role": "worker" } },
        template: toPodTemplate(request, "StatefulSet"),
      },
    });
    expect(toPodTemplate(request, "StatefulSet").metadata?.labels).toEqual(labels);
  });
});
