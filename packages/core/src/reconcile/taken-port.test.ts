import { describe, expect, it } from "vitest";
import type { JobPlan } from "../plan/job-plan.ts";
import type { JobRecord } from "../record/job-record.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { dependencyCircle } from "./dependency-circle.ts";
import { takenPort } from "./taken-port.ts";

/** A job with a port of the host. */
function job(name: string, port: number, changes: Partial<JobRecord & JobPlan> = {}): JobRecord {
  const { after = [], external = true, ...overrides } = changes;
  const { container } = sampleGroup("master", 1);
  const ports = [{ name: "http", containerPort: 8080, servicePort: port }];
  const group = sampleGroup("master", 1, { container: { ...container, ports } });
  const plan = { ...samplePlan("master", [group]), external, after };
  return sampleRecord(plan, { name, uid: name, ...overrides });
}

describe("takenPort", () => {
  it("finds the job that has a port, also in another namespace", () => {
    const other = job("other", 8000);
    expect(takenPort(job("new", 8000), [job("far", 8001), other])).toEqual({
      port: 8000,
      holder: other,
    });
    const away = job("new", 8000, { namespace: "elsewhere" });
    expect(takenPort(job("new", 8000), [away])?.holder).toBe(away);
  });

  it("does not count jobs that have ended, are deleted or replaced, or share no port of the host", () => {
    const outcome = { phase: "succeeded", reason: "Succeeded", message: "", at: 1 } as const;
    const others = [
      job("ended", 8000, { outcome }),
      job("going", 8000, { deletionRequestedAt: 1 }),
      job("new", 8000),
      job("other", 8001),
      job("inside", 8000, { external: false }),
    ];
    expect(takenPort(job("new", 8000), others)).toBeUndefined();
  });

  it("does not count jobs that it waits for, however far", () => {
    const others = [job("first", 8000), job("second", 1, { after: ["first"] })];
    expect(takenPort(job("third", 8000, { after: ["second"] }), others)).toBeUndefined();
    expect(takenPort(job("third", 8000), others)?.holder.name).toBe("first");
  });
});

describe("dependencyCircle", () => {
  const jobs = new Map(
    [job("a", 1, { after: ["b"] }), job("b", 2, { after: ["c"] }), job("d", 3)].map((each) => [
      each.name,
      each,
    ]),
  );
  const find = (name: string): JobRecord | undefined => jobs.get(name);

  it("is named from the job to itself", () => {
    expect(dependencyCircle("c", ["d", "a"], find)).toEqual(["c", "a", "b", "c"]);
    expect(dependencyCircle("c", ["c"], find)).toEqual(["c", "c"]);
  });

  it("is none where the others wait for nothing of its own", () => {
    expect(dependencyCircle("x", ["a", "d"], find)).toBeUndefined();
    expect(dependencyCircle("c", ["d", "nobody"], find)).toBeUndefined();
  });
});
