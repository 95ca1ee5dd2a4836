import { describe, expect, it } from "vitest";
import { toResourceRequirements } from "./resources.ts";

const MIB = 1024 * 1024;

describe("toResourceRequirements", () => {
  it("requests CPU as given, lets it burst, and limits memory hard", () => {
    const resources = { cpuMillis: 100, cpuLimitMillis: 1000, memoryBytes: 512 * MIB, gpus: 0 };
    expect(toResourceRequirements(resources)).toEqual({
      requests: { cpu: "100m", memory: "512Mi" },
      limits: { cpu: "1", memory: "512Mi" },
    });
  });

  it("asks for GPUs by their limit", () => {
    const resources = { cpuMillis: 1500, cpuLimitMillis: 1500, memoryBytes: 1000, gpus: 2 };
    expect(toResourceRequirements(resources)).toEqual({
      requests: { cpu: "1500m", memory: "1k" },
      limits: { cpu: "1500m", memory: "1k", "nvidia.com/gpu": "2" },
    });
  });

  it("never asks for nothing, which would mean the limit, or no limit", () => {
    const resources = { cpuMillis: 0, cpuLimitMillis: 0, memoryBytes: 0, gpus: 0 };
    expect(toResourceRequirements(resources)).toEqual({
      requests: { cpu: "1m", memory: "1" },
      limits: { cpu: "1m", memory: "1" },
    });
  });
});
