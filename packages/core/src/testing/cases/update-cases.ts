import assert from "node:assert/strict";
import type { ConformanceCase } from "../conformance-case.ts";
import {
  answer,
  CONTAINER_PORT,
  server,
  service,
  untilUpdated,
  update,
} from "./service-program.ts";

/** How services are updated; cases of the area `service`. */
export const UPDATE_CASES: readonly ConformanceCase[] = [
  {
    id: "service/update",
    rule: "`update` replaces all units of a service by those of the new spec; uid and name stay, the revision grows by 1.",
    needs: ["ask"],
    run: async (context) => {
      const name = context.name();
      const before = await context.submit(service(name, "old", 2));
      await context.untilRunning(name, 2);
      const updating = await update(context, service(name, "new", 2));
      assert.deepEqual([updating.uid, updating.status.revision], [before.uid, 1]);
      assert.notEqual(updating.hash, before.hash);
      const after = await untilUpdated(context, name, 1);
      assert.deepEqual([after.status.parallelism, after.status.units.length], [2, 2]);
      // One more than wanted may still answer while it leaves.
      assert.match((await answer(context, name)) ?? "", /^new worker-\d$/);
    },
  },
  {
    id: "service/update-without-gap",
    rule: "While a service is updated, never fewer units are ready than before, also while new ones take their time.",
    needs: ["sharedVolume", "ask"],
    run: async (context) => {
      const name = context.name();
      const gate = context.gate();
      const { volumes } = gate;
      await context.submit({ ...service(name, "old", 2), volumes });
      await context.untilRunning(name, 2);
      const watch = context.watch({ name });
      await watch.begun();
      const slow = server("new");
      const workers = { ...slow, steps: [gate.wait, ...slow.steps], count: 2 };
      await update(context, { name, service: true, volumes, workers });
      const updating = await context.until(
        name,
        "being updated",
        ({ status }) => status.revision === 1,
      );
      assert.equal(updating.status.phase, "running", updating.status.message);
      assert.equal(updating.status.reason, "Updating");
      assert.match((await answer(context, name)) ?? "", /^old worker-/);
      await gate.open();
      await untilUpdated(context, name, 1);
      const seen = watch.statesOf(name).map(({ status }) => status.nworkersRunning);
      assert.ok(
        seen.every((ready) => ready >= 2),
        `units ready: ${seen.join(", ")}`,
      );
    },
  },
  {
    id: "service/update-single",
    rule: "The only unit of a service with an identity is stopped before its successor starts.",
    run: async (context) => {
      const name = context.name();
      await context.submit({ name, service: true, master: server("old") });
      await context.untilRunning(name, 0);
      await update(context, { name, service: true, master: server("new") });
      const { status } = await untilUpdated(context, name, 1);
      assert.deepEqual(
        status.units.map((unit) => unit.name),
        ["master"],
      );
    },
  },
  {
    id: "service/update-stops",
    rule: "An update whose first unit does not work stops there and says so: the others go on as they are, and another update repairs it.",
    needs: ["ask"],
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "old", 2));
      await context.untilRunning(name, 2);
      const bad = { ...server("bad"), steps: [{ do: "exit", code: 3 }], count: 2 } as const;
      await update(context, { name, service: true, workers: bad });
      const stopped = await context.until(
        name,
        "told that the update has stopped",
        ({ status }) => status.reason === "UpdateStopped",
      );
      assert.equal(stopped.status.phase, "running", stopped.status.message);
      assert.ok(stopped.status.nworkersRunning >= 2, stopped.status.message);
      assert.match((await answer(context, name)) ?? "", /^old worker-/);
      await update(context, service(name, "new", 2));
      await untilUpdated(context, name, 2);
      assert.match((await answer(context, name)) ?? "", /^new worker-/);
    },
  },
  {
    id: "service/update-same",
    rule: "An update to the spec that a service has changes nothing.",
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "old"));
      const before = await context.untilRunning(name, 1);
      const job = await update(context, service(name, "old"));
      assert.deepEqual([job.hash, job.status.revision], [before.hash, 0]);
      const after = await context.backend.inspect(name);
      assert.equal(after.status.units[0]?.startedAt, before.status.units[0]?.startedAt);
    },
  },
  {
    id: "service/update-refused",
    rule: "An update that changes ports is refused with SPEC_INVALID, one with a bad volume or size as at submit; the service goes on.",
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "old"));
      await context.untilRunning(name, 1);
      const ports = [{ name: "http", containerPort: CONTAINER_PORT, servicePort: 8099 }];
      const moved = { name, service: true, workers: { ...server("new"), ports, count: 1 } };
      await context.fails(update(context, moved), "SPEC_INVALID");
      const huge = { ...server("new"), resources: { cpuMillis: 10_000_000 }, count: 1 };
      await context.fails(update(context, { name, service: true, workers: huge }), "NEVER_FITS");
      const { status } = await context.backend.inspect(name);
      assert.deepEqual([status.phase, status.revision], ["running", 0]);
    },
  },
  {
    id: "service/update-takeover",
    rule: "An update goes on although the process that asked for it has ended.",
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "old", 2));
      await context.untilRunning(name, 2);
      const other = await context.another();
      const { spec, plan } = context.world.job(service(name, "new", 2));
      await other.update(name, spec, plan);
      await other.close();
      await untilUpdated(context, name, 1);
    },
  },
];
