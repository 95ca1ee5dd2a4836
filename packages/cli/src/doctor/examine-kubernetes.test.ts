import { describe, expect, it } from "vitest";
import { kubernetesFindings } from "./examine-kubernetes.ts";

const facts: Parameters<typeof kubernetesFindings>[0] = {
  address: "https://kubernetes:6443",
  namespace: "team",
  version: "v1.34.4",
  namespaceExists: true,
  missing: [],
  missingOptional: [],
  metrics: true,
  claims: [{ volume: "data", state: "bound" }],
};
const right = { group: "batch", resource: "jobs", verb: "create", purpose: "running jobs" };

const lines = (changes: Partial<typeof facts>): string[] =>
  kubernetesFindings({ ...facts, ...changes }).map(
    ({ level, subject, message }) => `${level} ${subject}: ${message}`,
  );

describe("what is found of a Kubernetes cluster", () => {
  it("is in order", () => {
    expect(lines({}).every((line) => line.startsWith("ok "))).toBe(true);
  });

  it("names the version that is needed", () => {
    expect(lines({ version: "v1.20.0", needsVersion: "v1.29" })).toContain(
      "fail version: Kubernetes v1.20.0",
    );
  });

  it("names each right that is missing", () => {
    const missing = [
      { ...right, scope: "namespace" as const },
      { ...right, resource: "jobs/status", verb: "get", scope: "namespace" as const },
    ];
    expect(lines({ missing })).toEqual(
      expect.arrayContaining([
        "fail rights: you may not create jobs.batch in namespace team (running jobs)",
        "fail rights: you may not get jobs.batch/status in namespace team (running jobs)",
      ]),
    );
    const ofCluster = { ...right, group: "", resource: "nodes", verb: "list", scope: "cluster" };
    expect(lines({ missingOptional: [{ ...ofCluster, scope: "cluster" }] })).toContain(
      "warn rights: you may not list nodes in the whole cluster (running jobs)",
    );
  });

  it("says what the cluster lacks", () => {
    expect(
      lines({
        namespaceExists: false,
        metrics: false,
        claims: [{ volume: "data", state: "missing" }],
      }),
    ).toEqual([
      "fail namespace: team does not exist",
      "ok rights: all that jobs need in namespace team",
      "warn metrics: the cluster does not measure pods",
      "fail volume data: it has no claim in namespace team",
    ]);
  });
});
