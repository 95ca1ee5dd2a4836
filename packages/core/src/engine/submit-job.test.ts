import { afterEach, describe, expect, it } from "vitest";
import { ManagerError } from "../errors/manager-error.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import { MemoryEngine } from "../memory/memory-engine.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { planProgramJob } from "../testing/program-job.ts";
import { UNTIL_STOPPED } from "../testing/programs.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import { UnitBackend } from "./unit-backend.ts";

/** Is lost right after it has agreed to a job. */
class LostAfterPrepare extends MemoryEngine {
  lost = false;

  override async prepare(): Promise<void> {
    this.lost = true;
  }

  override async observe(detailed: (unit: ObservedUnit) => boolean): Promise<ObservedUnit[]> {
    if (this.lost) throw new ManagerError("BACKEND_UNREACHABLE", "It does not answer.");
    return super.observe(detailed);
  }
}

/** Has volumes of every kind, as a cloud's cluster. */
class AnyVolume extends MemoryEngine {
  override async prepare(): Promise<void> {}
}

const backends: UnitBackend[] = [];

afterEach(async () => Promise.all(backends.splice(0).map(async (backend) => backend.close())));

it("does not fail for an engine that is lost when the name is claimed", async () => {
  const world = new MemoryWorld();
  const engine = new LostAfterPrepare(world);
  const backend = new UnitBackend({ ...memoryParts(world), engine, namespace: "default" });
  backends.push(backend);
  const settings = { image: "sample", missingImage: "missing" };
  const { spec, plan } = planProgramJob({ name: "job", master: { steps: [] } }, settings);
  const { job, created } = await backend.submit(spec, plan);
  expect(created).toBe(true);
  expect(job.status).toMatchObject({ phase: "starting", created: false, npending: 1 });
  engine.lost = false;
  await expect
    .poll(async () => (await backend.inspect("job")).status.phase, { timeout: 3000 })
    .toBe("succeeded");
});

/** A backend whose engine publishes external ports on one host. */
function onOneHost(world: MemoryWorld): UnitBackend {
  const engine = Object.assign(new MemoryEngine(world), { sharesHostPorts: true });
  const backend = new UnitBackend({ ...memoryParts(world), engine, namespace: "default" });
  backends.push(backend);
  return backend;
}

const SETTINGS = { image: "sample", missingImage: "missing" };

/** A job that runs until it is stopped and has this port of the host. */
function exposed(name: string, servicePort: number, after: readonly string[] = []) {
  const { spec, plan } = planProgramJob({ name, master: UNTIL_STOPPED, after }, SETTINGS);
  const ports = [{ name: "http", containerPort: 8080, servicePort }];
  const groups = plan.groups.map((group) => ({
    ...group,
    container: { ...group.container, ports },
  }));
  return [spec, { ...plan, groups, external: true }] as const;
}

it("refuses a port of the host that an unfinished job has, whoever is quicker", async () => {
  const world = new MemoryWorld();
  const [one, two] = [onOneHost(world), onOneHost(world)];
  const submits = [one.submit(...exposed("a", 8000)), two.submit(...exposed("b", 8000))];
  const results = await Promise.allSettled(submits);
  expect(results.map(({ status }) => status).toSorted((a, b) => a.localeCompare(b))).toEqual([
    "fulfilled",
    "rejected",
  ]);
  const refused = results.find((result) => result.status === "rejected");
  expect(refused?.reason).toMatchObject({
    code: "PORT_TAKEN",
    message: expect.stringMatching(/^Port 8000 of the host is that of job [ab] in namespace/),
  });
  const { jobs } = await one.list();
  expect(jobs).toHaveLength(1);
  const [holder = ""] = jobs.map(({ name }) => name);
  await one.submit(...exposed("later", 8000, [holder]));
  await one.submit(...exposed("other", 8001));
});

it("keeps the old job when the port of the one that replaces it is taken", async () => {
  const backend = onOneHost(new MemoryWorld());
  await backend.submit(...exposed("a", 8000));
  const { job } = await backend.submit(...exposed("b", 8001));
  const options = { replace: true, force: true };
  await expect(backend.submit(...exposed("b", 8000), options)).rejects.toMatchObject({
    code: "PORT_TAKEN",
  });
  expect((await backend.inspect("b")).uid).toBe(job.uid);
});

it("refuses a job that would wait for one that waits for it", async () => {
  const backend = onOneHost(new MemoryWorld());
  const first = await backend.submit(...exposed("a", 1));
  await backend.submit(...exposed("b", 2, ["a"]));
  await backend.submit(...exposed("c", 3, ["b"]));
  const options = { replace: true, force: true };
  await expect(backend.submit(...exposed("a", 1, ["c"]), options)).rejects.toMatchObject({
    code: "SPEC_INVALID",
    message:
      "Parameter after: jobs would wait for each other in a circle: a after c after b after a.",
  });
  expect((await backend.inspect("a")).uid).toBe(first.job.uid);
});

/** Workers that run until they are stopped. */
function array(name: string, count: number) {
  const workers = { ...UNTIL_STOPPED, count };
  const { spec, plan } = planProgramJob({ name, workers }, SETTINGS);
  return [spec, plan] as const;
}

describe("a quota", () => {
  const quotas = { default: { jobs: 2, cpuMillis: 40 } };
  const open = (world: MemoryWorld): UnitBackend => {
    const backend = new UnitBackend({ ...memoryParts(world), quotas, namespace: "default" });
    backends.push(backend);
    return backend;
  };

  it("is kept by two who submit at once; other namespaces have their own", async () => {
    const world = new MemoryWorld();
    const [one, two] = [open(world), open(world)];
    await one.submit(...array("a", 1));
    const submits = [one.submit(...array("b", 1)), two.submit(...array("c", 1))];
    const results = await Promise.allSettled(submits);
    const refused = results.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refused).toEqual([
      expect.objectContaining({
        code: "QUOTA_EXCEEDED",
        message: expect.stringMatching(
          /is too much for the quota of namespace default: jobs 1; its other jobs have 2, the quota allows 2\.$/,
        ),
      }),
    ]);
    expect((await one.list()).jobs).toHaveLength(2);
    const other = await one.as(undefined, "constructor");
    await other.submit(...array("d", 9));
    await other.close();
  });

  it("is kept when a job is scaled", async () => {
    const backend = open(new MemoryWorld());
    await backend.submit(...array("a", 1));
    await backend.submit(...array("b", 1));
    await backend.scale("a", 3);
    await expect(backend.scale("b", 2)).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
    await backend.scale("a", 2);
    await backend.scale("b", 2);
    expect((await backend.inspect("b")).status.parallelism).toBe(2);
  });
});

it("lets only one job at a time use a disk, however many are submitted at once", async () => {
  const world = new MemoryWorld();
  const engine = new AnyVolume(world);
  const backend = new UnitBackend({ ...memoryParts(world), engine, namespace: "default" });
  backends.push(backend);
  const settings = { image: "sample", missingImage: "missing" };
  const disk = { kind: "ebs", volumeId: "vol-1", fsType: "ext4", readOnly: false } as const;
  const submit = async (name: string, after: readonly string[] = []): Promise<string> => {
    const master = { steps: [{ do: "waitFor" as const, path: "/gate" }] };
    const job = planProgramJob({ name, master, volumes: { disk }, after }, settings);
    return backend.submit(job.spec, job.plan).then(
      () => "created",
      (error: unknown) => (error instanceof ManagerError ? error.code : String(error)),
    );
  };
  const answers = await Promise.all(["a", "b", "c"].map(async (name) => submit(name)));
  expect(answers.filter((answer) => answer === "created")).toHaveLength(1);
  for (const { name } of (await backend.list()).jobs) await backend.delete(name, { force: true });
  expect(await submit("first")).toBe("created");
  expect(await submit("second")).toBe("INSUFFICIENT_CAPACITY");
  expect((await backend.list()).jobs.map(({ name }) => name)).toEqual(["first"]);
  expect(await submit("next", ["first"])).toBe("created");
  await backend.delete("first", { force: true });
  await backend.delete("next", { force: true });
  expect(await submit("second")).toBe("created");
});
