import assert from "node:assert/strict";
import type { ConformanceArea, ConformanceCase } from "../conformance-case.ts";
import { exits, UNTIL_STOPPED } from "../programs.ts";
import {
  answer,
  CONTAINER_PORT,
  server,
  service,
  SERVICE_PORT,
  update,
} from "./service-program.ts";
import { UPDATE_CASES } from "./update-cases.ts";

/** A backend without services refuses them; nothing else is asked of it. */
function whereServicesRun(run: ConformanceCase["run"]): ConformanceCase["run"] {
  return async (context) => {
    const { capabilities } = await context.backend.describe();
    if (capabilities.services) return run(context);
    const job = service(context.name(), "hello");
    await context.fails(context.submit(job), "CAPABILITY_UNSUPPORTED");
  };
}

const CASES: readonly ConformanceCase[] = [
  {
    id: "service/ready",
    rule: "A service whose unit runs and does not answer yet is `starting` with reason NotReady; when it answers, `running`.",
    needs: ["sharedVolume"],
    run: async (context) => {
      const name = context.name();
      const gate = context.gate();
      const { steps, ...rest } = server("hello");
      await context.submit({
        name,
        service: true,
        volumes: gate.volumes,
        workers: { ...rest, steps: [gate.wait, ...steps], count: 1 },
      });
      await context.until(
        name,
        "starting, not ready",
        ({ status }) => status.phase === "starting" && status.reason === "NotReady",
      );
      await context.fails(context.backend.endpoint(name), "STATE_CONFLICT");
      await gate.open();
      const { status } = await context.untilRunning(name, 1);
      assert.deepEqual([status.created, status.succeeded, status.revision], [true, false, 0]);
    },
  },
  {
    id: "service/without-readiness",
    rule: "A service without a readiness probe is `running` as soon as its unit runs.",
    run: async (context) => {
      const name = context.name();
      await context.submit({ name, service: true, workers: { ...UNTIL_STOPPED, count: 1 } });
      await context.untilRunning(name, 1);
    },
  },
  {
    id: "service/endpoint",
    rule: "The endpoint of a running service has its ports by name, and its program answers there.",
    needs: ["ask"],
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "hello"));
      await context.untilRunning(name, 1);
      const { hosts, ports } = await context.backend.endpoint(name);
      assert.ok(hosts.length > 0);
      assert.deepEqual(Object.keys(ports), ["http"]);
      assert.equal(await answer(context, name), "hello worker-0");
    },
  },
  {
    id: "service/inside",
    rule: "Other jobs reach a service by its name, at its service port and at its container's port.",
    run: async (context) => {
      const name = context.name("web");
      await context.submit(service(name, "hello"));
      await context.untilRunning(name, 1);
      const steps = [SERVICE_PORT, CONTAINER_PORT].map(
        (port) => ({ do: "ask", job: name, port }) as const,
      );
      const asker = context.name("asker");
      await context.submit({ name: asker, master: { steps } });
      const { status } = await context.untilFinal(asker);
      assert.equal(status.phase, "succeeded", status.message);
      const lines = await context.lines({ job: asker });
      assert.deepEqual(lines, ["hello worker-0", "hello worker-0"]);
    },
  },
  {
    id: "service/inside-single",
    rule: "A service of one unit with an identity is reached by its name at its service port.",
    needs: ["ask"],
    run: async (context) => {
      const name = context.name("queue");
      await context.submit({ name, service: true, master: server("hello") });
      await context.untilRunning(name, 0);
      assert.equal(await answer(context, name), "hello master");
      const asker = context.name("asker");
      const steps = [{ do: "ask", job: name, port: SERVICE_PORT }] as const;
      await context.submit({ name: asker, master: { steps } });
      const { status } = await context.untilFinal(asker);
      assert.equal(status.phase, "succeeded", status.message);
      assert.deepEqual(await context.lines({ job: asker }), ["hello master"]);
    },
  },
  {
    id: "service/replicas-answer",
    rule: "All units of a service answer at its one endpoint.",
    needs: ["ask"],
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "hello", 2));
      await context.untilRunning(name, 2);
      const heard = new Set<string | undefined>();
      await context.eventually("both have answered", async () => {
        heard.add(await answer(context, name));
        return heard.has("hello worker-0") && heard.has("hello worker-1");
      });
      assert.equal(heard.size, 2);
    },
  },
  {
    id: "service/restarts-after-success",
    rule: "A service's unit that ends well is started again; the service does not end.",
    run: async (context) => {
      const name = context.name();
      const steps = [{ do: "failFirst", starts: 1, code: 0 }, { do: "untilStopped" }] as const;
      await context.submit({ name, service: true, workers: { steps, count: 1 } });
      const { status } = await context.until(
        name,
        "running, started twice",
        (job) => job.status.phase === "running" && (job.status.units[0]?.attempts ?? 0) >= 2,
      );
      assert.equal(status.succeeded, false);
    },
  },
  {
    id: "service/restarts-after-failure",
    rule: "A service's unit that fails is started again without limit.",
    run: async (context) => {
      const name = context.name();
      const steps = [{ do: "failFirst", starts: 2, code: 7 }, { do: "untilStopped" }] as const;
      await context.submit({ name, service: true, workers: { steps, maxRestarts: 0, count: 1 } });
      await context.until(
        name,
        "running, started three times",
        ({ status }) => status.phase === "running" && (status.units[0]?.attempts ?? 0) >= 3,
      );
    },
  },
  {
    id: "service/cannot-start",
    rule: "A service none of whose units can be started is `failed` with the reason.",
    run: async (context) => {
      const name = context.name();
      const program = { ...exits(0), missingCommand: true };
      await context.submit({ name, service: true, workers: { ...program, count: 1 } });
      const { status } = await context.untilFinal(name);
      assert.deepEqual([status.phase, status.reason], ["failed", "StartFailed"]);
    },
  },
  {
    id: "service/killed",
    rule: "A service's unit that is killed from outside is started again, and the service answers again.",
    needs: ["killUnit", "ask"],
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "hello"));
      const { namespace } = await context.untilRunning(name, 1);
      await context.control("killUnit")(namespace, name, "worker-0");
      await context.until(name, "noticed", ({ status }) => status.nworkersRunning === 0);
      await context.untilRunning(name, 1);
      assert.equal(await answer(context, name), "hello worker-0");
    },
  },
  {
    id: "service/removed",
    rule: "A service's unit whose container is removed by somebody is replaced.",
    needs: ["removeUnit"],
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "hello", 2));
      const { namespace } = await context.untilRunning(name, 2);
      await context.control("removeUnit")(namespace, name, "worker-1");
      await context.until(name, "noticed", ({ status }) => status.nworkersRunning < 2);
      await context.untilRunning(name, 2);
    },
  },
  {
    id: "service/scale",
    rule: "A service is scaled like other workers; at 0 it is `idle` and has no endpoint.",
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "hello"));
      await context.untilRunning(name, 1);
      await context.backend.scale(name, 2);
      await context.untilRunning(name, 2);
      await context.backend.scale(name, 0);
      await context.until(name, "idle", ({ status }) => status.phase === "idle");
      await context.fails(context.backend.endpoint(name), "STATE_CONFLICT");
      await context.backend.scale(name, 1);
      await context.untilRunning(name, 1);
    },
  },
  {
    id: "service/deadline",
    rule: "A service that has run for its maximum run time is stopped and `failed` with reason DeadlineExceeded, and cannot be updated.",
    run: async (context) => {
      const name = context.name();
      await context.submit({ ...service(name, "hello"), maxRuntimeSeconds: 1 });
      const { status } = await context.untilFinal(name);
      assert.deepEqual([status.phase, status.reason], ["failed", "DeadlineExceeded"]);
      await context.fails(update(context, service(name, "new")), "STATE_CONFLICT");
      await context.fails(context.backend.endpoint(name), "STATE_CONFLICT");
    },
  },
  {
    id: "service/delete",
    rule: "A running service is deleted with `force` only, with everything of it.",
    needs: ["leftovers"],
    run: async (context) => {
      const name = context.name();
      await context.submit(service(name, "hello", 2));
      const { namespace } = await context.untilRunning(name, 2);
      await context.fails(context.backend.delete(name), "JOB_INCOMPLETE");
      assert.equal(await context.backend.delete(name, { force: true }), true);
      await context.eventually("nothing is left", async () => {
        const left = await context.control("leftovers")([namespace]);
        return left.every((object) => !object.includes(name));
      });
    },
  },
];

/** Services: jobs that never end by themselves. */
export const SERVICE: ConformanceArea = {
  name: "service",
  summary: "Jobs that never end by themselves, and are reached at their ports.",
  cases: [...CASES, ...UPDATE_CASES].map((each) =>
    Object.assign({}, each, { run: whereServicesRun(each.run) }),
  ),
};
