import { chown, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isManagerError, type JobPlan } from "@juliarun/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineSite } from "./fixtures/engine-site.ts";
import { testGroup, testPlan } from "./fixtures/record.ts";
import { LABEL } from "./labels.ts";
import { networkName } from "./names.ts";

const MASTER = { role: "master", index: 0 } as const;
const FIRST = { unit: MASTER, attempt: 0, restartsLeft: 0 } as const;

let site: EngineSite;

beforeAll(async () => {
  site = await EngineSite.open();
});

afterAll(async () => site.close(), 60_000);

function planOf(command: string, container: Parameters<typeof testGroup>[1] = {}): JobPlan {
  return testPlan([testGroup(["sh", "-c", command], container)]);
}

function withRuntime(): JobPlan {
  const command =
    "/opt/juliarun/run.sh; cat /opt/juliarun/deep/er/b.txt; touch /opt/juliarun/x || true";
  return planOf(command, { container: { runtime: true } });
}

describe("the runtime volume", () => {
  it("is complete for each of several processes that want it at the same moment, and read-only", async () => {
    const jobs = ["race-a", "race-b", "race-c"].map((name) => {
      const record = site.record(name, withRuntime());
      return { record, engine: site.engine() };
    });
    await Promise.all(jobs.map(async ({ record, engine }) => engine.start({ record, ...FIRST })));
    for (const { record, engine } of jobs) {
      const unit = await site.until(engine, record, ({ state }) => state === "exited");
      const output = await site.output(unit);
      expect(output.split("\n")).toEqual(expect.arrayContaining(["from the runtime", "b"]));
      expect(output).toContain("Read-only file system");
    }
    const before = await site.runtimeVolumes();
    const engine = site.engine();
    const record = site.record("race-d", withRuntime());
    await engine.start({ record, ...FIRST });
    await site.until(engine, record, ({ state }) => state === "exited");
    expect(await site.runtimeVolumes()).toEqual(before);
  });

  it("is made again when somebody removed it, though this process remembers it", async () => {
    const engine = site.engine();
    const first = site.record("pruned-a", withRuntime());
    await engine.start({ record: first, ...FIRST });
    const { docker } = site.client;
    const label = [`${LABEL.owner}=${site.owner}`];
    for (const { Id } of await docker.listContainers({ all: true, filters: { label } })) {
      await docker.getContainer(Id).remove({ force: true, v: true });
    }
    for (const name of await site.runtimeVolumes()) await docker.getVolume(name).remove();
    const second = site.record("pruned-b", withRuntime());
    await engine.start({ record: second, ...FIRST });
    const unit = await site.until(engine, second, ({ state }) => state === "exited");
    expect(await site.output(unit)).toContain("from the runtime");
  });

  it("is never used when its filling was interrupted", async () => {
    const { docker } = site.client;
    for (const name of await site.runtimeVolumes()) {
      if (name.endsWith("-complete")) await docker.getVolume(name).remove();
    }
    const unfinished = await site.runtimeVolumes();
    const engine = site.engine();
    const record = site.record("half", withRuntime());
    await engine.start({ record, ...FIRST });
    const unit = await site.until(engine, record, ({ state }) => state === "exited");
    const { Mounts } = await docker.getContainer(unit.engineId).inspect();
    expect(unfinished).not.toContain(Mounts[0]?.Name);
    expect(await site.output(unit)).toContain("from the runtime");
  });
});

describe("containers", () => {
  it("are not doubled, and one that has run is not run again", async () => {
    const engine = site.engine();
    const record = site.record("twice", planOf("echo once"));
    await Promise.all([
      engine.start({ record, ...FIRST }),
      site.engine().start({ record, ...FIRST }),
    ]);
    const unit = await site.until(engine, record, ({ state }) => state === "exited");
    await engine.start({ record, ...FIRST });
    expect(await site.output(unit)).toBe("once\n");
    expect(
      (await engine.observe(() => false)).filter(({ jobUid }) => jobUid === record.uid),
    ).toHaveLength(1);
  });

  it("get files and secrets that their user can read, and writable scratch", async () => {
    const data = join(site.folder, "owned");
    await mkdir(data);
    await chown(data, 4321, 4322);
    const command =
      "id -u; id -g; cat /run/juliarun/files/a.txt /run/juliarun/secrets/cookie; ls -l /run/juliarun/secrets; touch /mnt/data/result /mnt/tmp/x && echo ok";
    const group = testGroup(["sh", "-c", command], {
      container: {
        files: [{ name: "a.txt", contentBase64: Buffer.from("file\n").toString("base64") }],
        secrets: ["cookie"],
        env: { JRUN_RUN_VOLUME: "/mnt/data" },
        mounts: [
          { volume: "data", path: "/mnt/data", readOnly: false },
          { volume: "tmp", path: "/mnt/tmp", readOnly: false },
        ],
      },
    });
    const plan = testPlan([group], {
      volumes: {
        data: { kind: "hostpath", path: data, readOnly: false },
        tmp: { kind: "scratch", readOnly: false },
      },
    });
    const engine = site.engine();
    const record = site.record("placed", plan, { secrets: { cookie: "hush\n" } });
    await engine.prepare(plan);
    await engine.start({ record, ...FIRST });
    const unit = await site.until(engine, record, ({ state }) => state === "exited");
    const output = await site.output(unit);
    expect(output).toMatch(/^4321\n4322\nfile\nhush\n[^]*-r-{8}[^]*ok\n$/);
    expect((await stat(join(data, "result"))).uid).toBe(4321);
    const inspected = await site.client.docker.getContainer(unit.engineId).inspect();
    expect(JSON.stringify(inspected)).not.toContain("hush");
  });

  it("join a network again that was removed, before their first start and after it", async () => {
    const engine = site.engine();
    const record = site.record("network", planOf("sleep 1; exit 3"));
    await engine.start({ record, ...FIRST });
    const unit = await site.until(engine, record, ({ state }) => state === "exited");
    await site.client.docker.getNetwork(networkName(site.namespace)).remove();
    await engine.restart(unit, 0);
    const { NetworkSettings } = await site.client.docker.getContainer(unit.engineId).inspect();
    const network = NetworkSettings.Networks[networkName(site.namespace)];
    expect(network?.Aliases).toContain("network");
    await site.until(engine, record, ({ state }) => state === "exited");
    await site.client.docker.getNetwork(networkName(site.namespace)).remove();
    const second = site.record("network-b", planOf("true"));
    await engine.start({ record: second, ...FIRST });
    const ended = await site.until(engine, second, ({ state }) => state === "exited");
    expect(ended.exitCode).toBe(0);
  });

  it("of others are not ours, whatever their labels say", async () => {
    const engine = site.engine();
    const record = site.record("mine", planOf("sleep 60"));
    await engine.start({ record, ...FIRST });
    const units = await engine.observe(() => false);
    const own = units.find(({ jobUid }) => jobUid === record.uid);
    const { docker } = site.client;
    const { Config } = await docker.getContainer(own?.engineId ?? "").inspect();
    await docker.createContainer({
      name: `impostor-${site.id}`,
      Image: "jrun/busybox:debian",
      Cmd: ["true"],
      Labels: Config.Labels,
    });
    const seen = (await engine.observe(() => false)).filter(({ jobUid }) => jobUid === record.uid);
    expect(seen).toHaveLength(1);
    if (own) await engine.remove(own);
    expect((await engine.recover()).map(({ name }) => name)).not.toContain("mine");
  });

  it("tell a taken port from other failed starts", async () => {
    const ports = [{ name: "web", containerPort: 80, servicePort: 38_471 }];
    const plan = testPlan([testGroup(["sleep", "60"], { container: { ports } })], {
      external: true,
    });
    const engine = site.engine();
    const [first, second] = [site.record("port-a", plan), site.record("port-b", plan)];
    await engine.start({ record: first, ...FIRST });
    await engine.start({ record: second, ...FIRST });
    const failed = await site.until(engine, second, ({ error }) => error !== undefined);
    expect(failed).toMatchObject({ state: "created", errorReason: "PortTaken" });
    expect((await engine.endpoint(first)).ports).toEqual({ web: 38_471 });
  });
});

describe("recover", () => {
  it("rebuilds a record with its files and secrets, from this owner's containers only", async () => {
    const files = [{ name: "a.jl", contentBase64: Buffer.from("print(1)").toString("base64") }];
    const group = testGroup(["sleep", "60"], { container: { files, secrets: ["cookie"] } });
    const spec = { type: "Test", name: "lost", parameters: { a: 1 }, files };
    const record = site.record("lost", testPlan([group]), { spec, secrets: { cookie: "hush" } });
    const engine = site.engine();
    await engine.start({ record, ...FIRST });
    const found = (await engine.recover()).find(({ name }) => name === "lost");
    const units = { master: { attempt: 0, priorRestarts: 0 } };
    expect({ ...found, version: "1" }).toEqual({ ...record, units });
    const other = await EngineSite.open();
    expect(await other.engine().recover()).toEqual([]);
    await other.close();
  });
});

describe("prepare", () => {
  it("fails at once for an image that cannot be pulled, with the engine's reason", async () => {
    const plan = planOf("true", { container: { image: "localhost:1/none:x" } });
    const error: unknown = await site
      .engine()
      .prepare(plan)
      .catch((thrown: unknown) => thrown);
    expect(isManagerError(error, "IMAGE_NOT_FOUND") && error.message).toContain(
      "localhost:1/none:x",
    );
  });

  it("asks the engine about a folder that this machine does not have", async () => {
    const mounts = [{ volume: "data", path: "/mnt/data", readOnly: false }];
    const path = join(site.folder, "absent");
    const plan = testPlan([testGroup(["true"], { container: { mounts } })], {
      volumes: { data: { kind: "hostpath", path, readOnly: false } },
    });
    const error: unknown = await site
      .engine()
      .prepare(plan)
      .catch((thrown: unknown) => thrown);
    expect(isManagerError(error, "VOLUME_NOT_FOUND") && error.hint).toContain(path);
  });
});

describe("a program that was killed", () => {
  const resources = { cpuMillis: 100, cpuLimitMillis: 1000, memoryBytes: 16 * 2 ** 20, gpus: 0 };

  it("for its memory is known, also where the engine misses it", { timeout: 60_000 }, async () => {
    const engine = site.engine();
    const plan = planOf("x=0123456789abcdef; while :; do x=$x$x; done", {
      container: { resources },
    });
    // The engine misses the more, the more of them end at once.
    const records = Array.from({ length: 12 }, (_, index) => site.record(`greedy-${index}`, plan));
    await Promise.all(records.map(async (record) => engine.start({ record, ...FIRST })));
    for (const record of records) {
      const unit = await site.until(engine, record, ({ state }) => state === "exited");
      expect([record.name, unit.exitCode, unit.outOfMemory]).toEqual([record.name, 137, true]);
    }
  });

  it("by somebody is not taken for one without memory", async () => {
    const engine = site.engine();
    const record = site.record("killed", planOf("sleep 60", { container: { resources } }));
    await engine.start({ record, ...FIRST });
    const running = await site.until(engine, record, ({ state }) => state === "running");
    await site.client.docker.getContainer(running.engineId).kill();
    const unit = await site.until(engine, record, ({ state }) => state === "exited");
    expect([unit.exitCode, unit.outOfMemory]).toEqual([137, false]);
  });
});
