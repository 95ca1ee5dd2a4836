import { expect } from "vitest";
import { Gate } from "./gate.ts";
import type { JrunFolder } from "./jrun-folder.ts";

const EXIT_CAPACITY = 5;

/** A namespace's quota, kept by two commands that submit at once, and by one that scales. */
export async function quotaIsKept(place: JrunFolder): Promise<void> {
  const { namespace } = place;
  await place.configure({ quotas: { [namespace]: { jobs: 2, cpu: "300m" } } });
  const gate = new Gate(place, "go");
  await place.submit("first", gate.sh);
  const lines = await Promise.all(
    ["second", "third"].map(async (name) => place.submitLine(name, gate.sh)),
  );
  const results = await Promise.all(lines.map(async (line) => place.run(...line)));
  const refused = results.filter(({ exitCode }) => exitCode !== 0);
  expect(refused).toEqual([expect.objectContaining({ exitCode: EXIT_CAPACITY, stdout: "" })]);
  expect(refused[0]?.stderr).toContain(
    `the quota of namespace ${namespace}: jobs 1; its other jobs have 2, the quota allows 2.`,
  );
  expect(await place.jobs()).toHaveLength(2);
  await place.jrun("delete", "first", "--force");
  const path = await place.file("array.sh", gate.sh);
  const size = ["--image", "sh", "--cpu", "100m", "--memory", "16Mi", "--nworkers", "1"];
  await place.jrun("submit", "JuliaParBatchWorkers", "array", path, "juliarun", ...size);
  const scaled = await place.run("scale", "array", "3");
  expect(scaled).toMatchObject({ exitCode: EXIT_CAPACITY });
  expect(scaled.stderr).toContain("cpu 300m; its other jobs have 100m, the quota allows 300m.");
  await place.jrun("scale", "array", "2", "--wait");
  await gate.open();
  await place.jrun("wait", "array");
  // What has ended does not count.
  await place.submit("fourth", "true");
}
