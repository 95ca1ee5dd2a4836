import { describe, expect, it } from "vitest";
import { runtimeItems, toRuntimeConfigMap } from "./runtime-config-map.ts";

const BUNDLE = {
  hash: "0123456789abcdef",
  files: [
    { path: "lib/a.sh", mode: 0o755, content: Buffer.from("echo é\n") },
    { path: "logo", mode: 0o644, content: Buffer.from([0xff, 0xfe]) },
  ],
};

describe("toRuntimeConfigMap", () => {
  it("holds text as text and anything else as bytes", () => {
    expect(toRuntimeConfigMap(BUNDLE, "test")).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "juliarun-runtime-0123456789abcdef",
        namespace: "test",
        labels: {
          "app.kubernetes.io/managed-by": "juliarun",
          "app.kubernetes.io/component": "runtime",
        },
      },
      immutable: true,
      data: { "lib_2fa.sh": "echo é\n" },
      binaryData: { logo: "//4=" },
    });
  });

  it("has no binary data where all is text", () => {
    const files = BUNDLE.files.slice(0, 1);
    expect(toRuntimeConfigMap({ ...BUNDLE, files }, "test")).not.toHaveProperty("binaryData");
  });
});

describe("runtimeItems", () => {
  it("leads from each key to its path and mode", () => {
    expect(runtimeItems(BUNDLE)).toEqual([
      { key: "lib_2fa.sh", path: "lib/a.sh", mode: 0o755 },
      { key: "logo", path: "logo", mode: 0o644 },
    ]);
  });
});
