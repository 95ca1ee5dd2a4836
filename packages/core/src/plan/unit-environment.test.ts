import { expect, it } from "vitest";
import { unitEnvironment } from "./unit-environment.ts";

it("tells a worker who and where it is", () => {
  expect(unitEnvironment({ uid: "u1" }, { role: "worker", index: 3 }, "hello")).toEqual({
    JRUN_UID: "u1",
    JRUN_ROLE: "worker",
    JRUN_UNIT: "worker-3",
    JRUN_WORKER_INDEX: "3",
    JRUN_MASTER_HOST: "hello",
  });
});

it("gives a master no worker index, and a job without master no master's host", () => {
  expect(unitEnvironment({ uid: "u1" }, { role: "master", index: 0 }, "hello")).toEqual({
    JRUN_UID: "u1",
    JRUN_ROLE: "master",
    JRUN_UNIT: "master",
    JRUN_MASTER_HOST: "hello",
  });
  expect(
    unitEnvironment({ uid: "u1" }, { role: "worker", index: 0 }, undefined),
  ).not.toHaveProperty("JRUN_MASTER_HOST");
});
