import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  defaultConfig,
  defineJobType,
  JULIA_BATCH,
  makePlan,
  makeSpec,
  planContext,
  type JobPlan,
} from "../index.ts";

const context = planContext(defaultConfig(), { baseDir: "/home/me" });
const batch = makeSpec(JULIA_BATCH, {
  name: "good",
  parameters: { startScript: "a.jl", runVolume: "juliarun" },
});
const good = makePlan(JULIA_BATCH, batch, context);
const [group] = good.groups;

/** Plans a job of a type whose `plan()` does as told. */
function planned(plan: () => unknown): JobPlan {
  const type = defineJobType({
    name: "Mine",
    summary: "For tests.",
    schema: z.strictObject({}),
    positional: [],
    plan: plan as () => JobPlan,
  });
  return makePlan(type, makeSpec(type, { name: "mine" }), context);
}

describe("the plan of a job type of one's own", () => {
  it("is taken as it is where it can be run", () => {
    const own = { ...good, later: "what is added to plans" };
    expect(planned(() => own)).toBe(own);
  });

  it.each<[string, unknown]>([
    ["must be an object", "no plan"],
    ["is required", undefined],
    ["completion must be one of master, workers, none", { ...good, completion: "all" }],
    ["labels is required", { ...good, labels: undefined }],
    ["groups must have one group", { ...good, groups: [] }],
    ["groups have two of one role", { ...good, groups: [group, group] }],
    ["groups must have the master's first", { ...good, groups: [worker(), group] }],
    ["completion is workers, but there is no group", { ...good, completion: "workers" }],
    ["volumes lack juliarun, which a container mounts", { ...good, volumes: {} }],
    ["groups[0].container.image must not be empty", withContainer({ image: "" })],
    ["groups[0].container.env.A must be a text, not 1", withContainer({ env: { A: 1 } })],
    [
      "groups[0].container.resources.memoryBytes must be a whole number",
      withContainer({ resources: { ...group?.container.resources, memoryBytes: 1.5 } }),
    ],
  ])("is refused with the reason: %s", (problem, plan) => {
    expect(() => planned(() => plan)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringContaining(problem),
      }),
    );
  });

  it("is refused by the type's name when plan() throws", () => {
    expect(() => planned(broken)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: "The job type Mine cannot plan the job mine: x is undefined",
      }),
    );
  });
});

function broken(): never {
  throw new TypeError("x is undefined");
}

function worker(): object {
  return { ...group, role: "worker" };
}

function withContainer(change: object): object {
  return { ...good, groups: [{ ...group, container: { ...group?.container, ...change } }] };
}
