import { describe, expect, it } from "vitest";
import { testGroup, testPlan, testRecord } from "../fixtures/record.ts";
import { toSecret } from "./secret.ts";

describe("toSecret", () => {
  it("holds a record's secrets and goes with the record", () => {
    const record = testRecord(testPlan([testGroup()]));
    expect(toSecret(record, { cookie: "abc" }, { name: "hello", uid: "owner-uid" })).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: {
        name: "hello-01234567",
        namespace: "test",
        labels: {
          "app.kubernetes.io/managed-by": "juliarun",
          "app.kubernetes.io/component": "part",
          "juliarun/job": "hello",
          "juliarun/uid": "01234567-89ab-4def-8123-456789abcdef",
        },
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "hello", uid: "owner-uid" }],
      },
      immutable: true,
      data: { cookie: "YWJj" },
    });
  });
});
