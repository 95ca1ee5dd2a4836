import type { JobPlan, JobRecord, UnitAction, UnitGroup, UnitRole } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { groupChanges, stopChanges, type ControllerChange } from "./desired.ts";
import { testGroup, testPlan, testRecord } from "./fixtures/record.ts";
import { slimController, slimPod } from "./fixtures/slim-objects.ts";
import type { SlimController } from "./slim-controller.ts";
import type { SlimPod } from "./slim-pod.ts";

const master = testGroup();
const workers = testGroup({ role: "worker", replicas: 2 });
const parallel = testPlan([master, workers]);

function controller(role: UnitRole, changes: Partial<SlimController> = {}): SlimController {
  return slimController({ name: role, role, replicas: role === "master" ? 1 : 2, ...changes });
}

function start(role: UnitRole, index = 0): UnitAction {
  return { kind: "start", unit: { role, index }, attempt: 0, restartsLeft: 6 };
}

function changesOf(
  plan: JobPlan,
  requestedWorkers: number,
  actions: readonly UnitAction[],
  controllers: readonly SlimController[] = [],
  pods: readonly SlimPod[] = [],
): string[] {
  const record = testRecord(plan, { requestedWorkers });
  return groupChanges(record, actions, controllers, pods).map(inShort);
}

function inShort(change: ControllerChange): string {
  const role = change.kind === "create" ? change.group.role : change.controller.role;
  return change.kind === "end" ? `end ${role}` : `${change.kind} ${role} ${change.replicas}`;
}

function leaving(index: number, role: UnitRole = "worker"): SlimPod {
  return slimPod({ role, index, deleting: true });
}

const alone = (group: UnitGroup): JobPlan => testPlan([group]);

describe("groupChanges", () => {
  it("makes the controller of a group that is to start, with all units that are wanted", () => {
    expect(changesOf(parallel, 2, [start("master")])).toEqual(["create master 1"]);
    expect(changesOf(parallel, 2, [start("worker")], [controller("master")])).toEqual([
      "create worker 2",
    ]);
    expect(changesOf(alone(workers), 5, [start("worker"), start("worker", 1)])).toEqual([
      "create worker 5",
    ]);
  });

  it("makes none before an action asks for it", () => {
    const observed = { jobUid: "uid", role: "worker", index: 0, attempt: 0, engineId: "" } as const;
    const remove: UnitAction = {
      kind: "remove",
      unit: { role: "worker", index: 0 },
      observed: { ...observed, state: "running" },
    };
    expect(changesOf(parallel, 2, [remove], [controller("master")])).toEqual([]);
    expect(changesOf(parallel, 2, [])).toEqual([]);
  });

  it("scales what is there to what the record says, without being asked", () => {
    const there = [controller("master"), controller("worker")];
    expect(changesOf(parallel, 2, [], there)).toEqual([]);
    expect(changesOf(parallel, 5, [], there)).toEqual(["scale worker 5"]);
    expect(changesOf(parallel, 0, [], there)).toEqual(["scale worker 0"]);
    expect(changesOf(alone(workers), 3, [], [controller("worker", { replicas: 0 })])).toEqual([
      "scale worker 3",
    ]);
  });

  it("lets a Job grow only when the pods that it removes of those indexes are gone", () => {
    const shrunk = [controller("worker", { replicas: 1, completions: 1 })];
    const grow = (pods: readonly SlimPod[], there = shrunk) =>
      changesOf(alone(workers), 3, [], there, pods);
    expect(grow([leaving(1)])).toEqual([]);
    expect(grow([])).toEqual(["scale worker 3"]);
    // One that the Job replaces is none that it has been told to remove.
    expect(grow([leaving(0)])).toEqual(["scale worker 3"]);
    expect(grow([leaving(1, "master")])).toEqual(["scale worker 3"]);
    expect(grow([slimPod({ role: "worker", index: 1 })])).toEqual(["scale worker 3"]);
    const set = [controller("worker", { kind: "StatefulSet", replicas: 1 })];
    expect(grow([leaving(1)], set)).toEqual(["scale worker 3"]);
  });

  it("lets a Job of no pods have those back whose indexes it still has", () => {
    const paused = [controller("worker", { replicas: 0, completions: 2 })];
    const pods = [leaving(1)];
    expect(changesOf(alone(workers), 2, [], paused, pods)).toEqual(["scale worker 2"]);
    expect(changesOf(alone(workers), 0, [], paused, pods)).toEqual([]);
  });

  it("makes no controller of no units", () => {
    expect(changesOf(alone(workers), 0, [start("worker")])).toEqual([]);
  });

  it("takes a controller that is being deleted for gone", () => {
    const deleted = [controller("master", { deleting: true })];
    expect(changesOf(alone(master), 0, [start("master")], deleted)).toEqual(["create master 1"]);
    expect(changesOf(alone(master), 0, [], deleted)).toEqual([]);
  });
});

describe("stopChanges", () => {
  it("ends every Job that has not ended, and takes their units from StatefulSets", () => {
    const finished = { well: true, message: "", at: 1 };
    const controllers = [
      controller("master", { finished }),
      controller("worker"),
      controller("worker", { ending: true }),
      controller("worker", { deleting: true }),
      controller("worker", { kind: "StatefulSet" }),
      controller("worker", { kind: "StatefulSet", replicas: 0 }),
    ];
    const stop = [start("master"), start("worker")];
    expect(stopChanges(stop, controllers).map(inShort)).toEqual(["end worker", "scale worker 0"]);
  });

  it("leaves a Job alone whose units have ended, though it does not say so yet", () => {
    const controllers = [controller("master"), controller("worker")];
    expect(stopChanges([start("worker")], controllers).map(inShort)).toEqual(["end worker"]);
  });
});

function servicePod(index: number, revision: number, ready = true): SlimPod {
  return slimPod({ role: "worker", index, revision, ready });
}

function stepsOf(record: JobRecord, each: SlimController, ...pods: readonly SlimPod[]): string[] {
  return groupChanges(record, [], [each], pods).map(inShort);
}

describe("an update of a service", () => {
  const web = testGroup({ role: "worker", replicas: 2, lifecycle: "service" });
  const plan = testPlan([web], { completion: "none" });
  const updated = testRecord(plan, { requestedWorkers: 2, revision: 1 });
  const old = { kind: "StatefulSet", revision: 0 } as const;
  const surging = controller("worker", { ...old, revision: 1, surge: true, replicas: 3 });

  it("has one unit more than wanted until all wanted ones are new and ready", () => {
    expect(stepsOf(updated, controller("worker", old), servicePod(0, 0), servicePod(1, 0))).toEqual(
      ["update worker 3"],
    );
    expect(stepsOf(updated, surging, servicePod(0, 0), servicePod(1, 0), servicePod(2, 1))).toEqual(
      [],
    );
    expect(
      stepsOf(updated, surging, servicePod(0, 1, false), servicePod(1, 1), servicePod(2, 1)),
    ).toEqual([]);
    expect(stepsOf(updated, surging, servicePod(0, 1), servicePod(1, 1), servicePod(2, 1))).toEqual(
      ["settle worker 2"],
    );
    expect(
      stepsOf(updated, controller("worker", { ...old, revision: 1 }), servicePod(0, 1)),
    ).toEqual([]);
  });

  it("follows a scale meanwhile", () => {
    const four = { ...updated, requestedWorkers: 4 };
    expect(groupChanges(four, [], [surging], [servicePod(0, 0)]).map(inShort)).toEqual([
      "scale worker 5",
    ]);
  });

  it("never makes a second one of a unit with an identity", () => {
    const queue = testGroup({ lifecycle: "service" });
    const record = testRecord(testPlan([queue], { completion: "none" }), { revision: 1 });
    const changes = groupChanges(record, [], [controller("master", old)], []);
    expect(changes.map(inShort)).toEqual(["update master 1"]);
  });
});
