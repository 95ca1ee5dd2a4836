import { describe, expect, it } from "vitest";
import { linkedRequest, testRequest } from "../fixtures/controller-request.ts";
import { toPodTemplate } from "./pod-template.ts";

const UID = "01234567-89ab-4def-8123-456789abcdef";

describe("toPodTemplate", () => {
  it("is a pod of one container, with no rights and nothing that it did not ask for", () => {
    const ports = [{ name: "web", containerPort: 8000, servicePort: 80 }];
    const request = testRequest({
      container: { command: ["echo", "$(HOME)"], user: "1000:1000", ports },
    });
    expect(toPodTemplate(request, "Job")).toEqual({
      metadata: {
        labels: {
          "app.kubernetes.io/managed-by": "juliarun",
          "app.kubernetes.io/component": "unit",
          "juliarun/job": "hello",
          "juliarun/uid": UID,
          "juliarun/role": "master",
        },
      },
      spec: {
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 10,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          seccompProfile: { type: "RuntimeDefault" },
          runAsUser: 1000,
          runAsGroup: 1000,
          runAsNonRoot: true,
          fsGroup: 1000,
          fsGroupChangePolicy: "OnRootMismatch",
        },
        containers: [
          {
            name: "unit",
            image: "docker.io/jrun/busybox:debian",
            imagePullPolicy: "IfNotPresent",
            args: ["echo", "$$(HOME)"],
            env: [
              { name: "JRUN_UID", value: UID },
              { name: "JRUN_ROLE", value: "master" },
              { name: "JRUN_UNIT", value: "master" },
            ],
            resources: {
              requests: { cpu: "10m", memory: "64Mi" },
              limits: { cpu: "1", memory: "64Mi" },
            },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            ports: [{ name: "web", containerPort: 8000 }],
          },
        ],
      },
    });
  });

  it("keeps the image's own command where the plan has none", () => {
    const { spec } = toPodTemplate(testRequest({ container: { command: [] } }), "Job");
    expect(spec?.containers[0]).not.toHaveProperty("args");
    expect(spec?.containers[0]).not.toHaveProperty("command");
  });

  it("names a container port once, however many service ports lead to it", () => {
    const ports = [
      { name: "web", containerPort: 8000, servicePort: 80 },
      { name: "again", containerPort: 8000, servicePort: 81 },
      { name: "other", containerPort: 9000, servicePort: 82 },
    ];
    const { spec } = toPodTemplate(testRequest({ container: { ports } }), "Job");
    expect(spec?.containers[0]?.ports).toEqual([
      { name: "web", containerPort: 8000 },
      { name: "other", containerPort: 9000 },
    ]);
  });

  it("restarts always in a StatefulSet, never in a Job", () => {
    const request = linkedRequest("worker");
    expect(toPodTemplate(request, "StatefulSet").spec?.restartPolicy).toBe("Always");
    expect(toPodTemplate(request, "Job").spec?.restartPolicy).toBe("Never");
  });

  it("shows no secret and no file's content", () => {
    const files = [{ name: "a.jl", contentBase64: "cHJpbnQoMSk=" }];
    const spec = { type: "Test", name: "hello", parameters: {}, files };
    const container = { secrets: ["cookie"], files };
    const request = testRequest({ container }, {}, { spec, secrets: { cookie: "hush" } });
    const text = JSON.stringify(toPodTemplate(request, "Job"));
    expect(text).not.toContain("hush");
    expect(text).not.toContain("cHJpbnQoMSk=");
    expect(text).toContain("a.jl");
  });

  it("has a service's probe, its revision, and time to leave before it is asked to end", () => {
    const readiness = { kind: "http", port: 80, path: "/up" } as const;
    const service = { lifecycle: "service", readiness, graceSeconds: 20 } as const;
    const request = testRequest(service, {}, { revision: 2 });
    const { metadata, spec } = toPodTemplate(request, "StatefulSet");
    expect(metadata?.labels?.["juliarun/revision"]).toBe("2");
    expect(spec).toMatchObject({
      terminationGracePeriodSeconds: 23,
      containers: [
        {
          readinessProbe: { httpGet: { port: 80, path: "/up" } },
          lifecycle: { preStop: { sleep: { seconds: 3 } } },
        },
      ],
    });
  });
});
