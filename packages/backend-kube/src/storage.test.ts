import type { VolumeSource } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { storageObjects } from "./storage.ts";

const volumes: Readonly<Record<string, VolumeSource>> = {
  juliarun: { kind: "hostpath", path: "/data", readOnly: false },
  shared: { kind: "nfs", server: "10.0.0.1", path: "/exports", readOnly: false },
  bricks: { kind: "glusterfs", addresses: ["10.0.0.2"], volume: "one", readOnly: true },
};

const names = (only?: readonly string[]): string[] =>
  storageObjects("team", volumes, only).map(({ kind, metadata }) => `${kind} ${metadata?.name}`);

describe("storageObjects", () => {
  it("makes what the volumes need that pods mount through a claim", () => {
    expect(names()).toEqual([
      "PersistentVolume juliarun.team.shared",
      "PersistentVolumeClaim juliarun-shared",
      "Endpoints juliarun-bricks",
      "PersistentVolume juliarun.team.bricks",
      "PersistentVolumeClaim juliarun-bricks",
    ]);
    expect(names(["shared"])).toHaveLength(2);
  });

  it("refuses names that mean nothing here", () => {
    expect(() => names(["shard"])).toThrow("There is no volume shard in the configuration.");
    expect(() => names(["juliarun"])).toThrow("is of kind hostpath");
  });
});
