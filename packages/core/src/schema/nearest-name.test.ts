import { describe, expect, it } from "vitest";
import { nearestName } from "./nearest-name.ts";

const NAMES = ["run_volume", "start_script", "cpu", "gpu", "worker_cpu"];

describe("nearestName", () => {
  it.each([
    ["run_volum", "run_volume"],
    ["runVolume", "run_volume"],
    ["start-scirpt", "start_script"],
    ["CPU", "cpu"],
    ["workercpus", "worker_cpu"],
    ["worker", "worker_cpu"],
    ["puc", "cpu"],
    ["run", "run_volume"],
  ])("takes %s for %s", (given, meant) => {
    expect(nearestName(given, NAMES)).toBe(meant);
  });

  it.each(["zzz", "", "colour", "x", "wo"])("suggests nothing for %j", (given) => {
    expect(nearestName(given, NAMES)).toBeUndefined();
  });

  it("prefers the earlier of equally near names", () => {
    expect(nearestName("xpu", ["cpu", "gpu"])).toBe("cpu");
  });
});
