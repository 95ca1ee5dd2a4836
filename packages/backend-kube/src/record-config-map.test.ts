import { placedFile, type JobRecord } from "@juliarun/core";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { testGroup } from "./fixtures/record.ts";
import { fromConfigMap, isRecord, toConfigMap, withContents } from "./record-config-map.ts";

const FILES = [placedFile("main.jl", "println(1)"), placedFile("data", Buffer.from([0, 255]))];

const RECORD: JobRecord = {
  namespace: "team",
  name: "job",
  uid: "0d9d2c30-0000-4000-8000-000000000000",
  version: "7",
  createdAt: 1,
  spec: { type: "Test", name: "job", parameters: { a: ["ä"] }, files: FILES },
  hash: "hash",
  plan: {
    completion: "master",
    groups: [testGroup({ container: { files: FILES } })],
    volumes: {},
    external: false,
    minWorkers: 0,
    after: ["other"],
    labels: { "free text": "any, value" },
  },
  requestedWorkers: 0,
  units: { master: { attempt: 0, priorRestarts: 0 } },
  secrets: { cookie: "top-secret" },
};

/** As the server would give it back. */
function stored(changes: object = {}, metadata: object = {}): V1ConfigMap {
  const object = toConfigMap(RECORD);
  const merged = Object.assign({}, object.metadata, { resourceVersion: "7" }, metadata);
  return Object.assign({}, object, changes, { metadata: merged });
}

describe("toConfigMap", () => {
  it("comes back as it was, but for secrets", () => {
    const read = fromConfigMap(stored());
    expect(read).not.toBeTypeOf("string");
    expect(withContents(read as JobRecord, stored())).toEqual({ ...RECORD, secrets: {} });
    expect(isRecord(stored())).toBe(true);
  });

  it("has each file once, and no secret", () => {
    const text = JSON.stringify(stored());
    expect(text).not.toContain("top-secret");
    expect(text.split(FILES[0]?.contentBase64 ?? "")).toHaveLength(2);
  });
});

describe("fromConfigMap", () => {
  it.each([
    ["another format", { data: { format: "2", record: "{}" } }, {}, 'the format "2"'],
    ["no record", { data: {} }, {}, "the format undefined"],
    ["no JSON", { data: { format: "1", record: "{" } }, {}, "not JSON"],
    ["a part of it", { data: { format: "1", record: '{"name":"job"}' } }, {}, "missing"],
    ["a copy elsewhere", {}, { namespace: "copy" }, "of job job in namespace team"],
  ])("says what is wrong with %s", (_what, changes, metadata, words) => {
    expect(fromConfigMap(stored(changes, metadata))).toContain(words);
  });

  it("takes one that Kubernetes is deleting for marked", () => {
    const deletionTimestamp = "2020-01-01T00:00:00Z";
    expect(fromConfigMap(stored({}, { deletionTimestamp }))).toMatchObject({
      deletionRequestedAt: Date.parse(deletionTimestamp),
    });
  });
});
