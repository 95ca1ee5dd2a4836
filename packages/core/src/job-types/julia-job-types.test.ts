import { describe, expect, it } from "vitest";
import { toConfig } from "../config/check-config.ts";
import { planContext } from "../config/plan-context.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { makePlan } from "../plan/make-plan.ts";
import { makeSpec } from "../spec/make-spec.ts";
import { placedFile } from "../spec/placed-files.ts";
import { juliaBatch, juliaParBatch, juliaParBatchWorkers } from "./constructors.ts";
import type { JobRequest } from "./job-request.ts";
import { JobTypeRegistry } from "./job-type-registry.ts";

const types = new JobTypeRegistry();
const context = planContext(
  toConfig({
    compute: { namespace: "team" },
    storage: {
      hostpath: [
        { name: "juliarun", path: "jr" },
        { name: "data", path: "/data", readonly: true },
        { name: "pkgs", path: "/pkgs", readonly: true },
        { name: "pkgsrw", path: "/pkgs" },
      ],
    },
    images: {
      julia: { image: "julia:1.11", executable: "/usr/bin/julia" },
      other: { image: "other:2", user: "7:8" },
    },
    packages: ["pkgs"],
    server: { url: "http://server:8888" },
  }),
  { baseDir: "/base" },
);

function plan(request: JobRequest): JobPlan {
  const type = types.get(request.type);
  return makePlan(type, makeSpec(type, request), context);
}

const required = { name: "hello", startScript: "/mnt/juliarun/hello.jl", runVolume: "juliarun" };
const RUN = ["/bin/sh", "/opt/juliarun/run.sh"];

describe("JuliaBatch", () => {
  it("plans the manual's Hello World as one master", () => {
    expect(plan(juliaBatch({ ...required, pkgBundle: "pkgs" }))).toEqual({
      completion: "master",
      groups: [
        {
          role: "master",
          lifecycle: "task",
          replicas: 1,
          restart: { policy: "on-failure", maxRestarts: 6 },
          container: {
            image: "julia:1.11",
            command: RUN,
            env: {
              JULIA_NUM_THREADS: "1",
              JRUN_TYPE: "JuliaBatch",
              JRUN_NAME: "hello",
              JRUN_NAMESPACE: "team",
              JRUN_DIR: "/mnt/juliarun/hello",
              JRUN_RUN_VOLUME: "/mnt/juliarun",
              JRUN_START_SCRIPT: "/mnt/juliarun/hello.jl",
              JRUN_EXECUTABLE: "/usr/bin/julia",
              JRUN_SHELL: "master.sh",
              JRUN_PKG_BUNDLE: "/mnt/pkgs",
              JRUN_SERVER_URL: "http://server:8888",
            },
            resources: {
              cpuMillis: 100,
              cpuLimitMillis: 1000,
              memoryBytes: 512 * 2 ** 20,
              gpus: 0,
            },
            mounts: [
              { volume: "juliarun", path: "/mnt/juliarun", readOnly: false },
              { volume: "pkgs", path: "/mnt/pkgs", readOnly: true },
            ],
            runtime: true,
            files: [],
            secrets: [],
            ports: [],
          },
        },
      ],
      volumes: {
        juliarun: { kind: "hostpath", path: "/base/jr", readOnly: false },
        pkgs: { kind: "hostpath", path: "/pkgs", readOnly: true },
      },
      external: false,
      minWorkers: 0,
      after: [],
      labels: {},
    });
  });

  it("carries every parameter into the plan", () => {
    const files = [placedFile("hello.jl", "println(1)")];
    const { groups, ...rest } = plan(
      juliaBatch({
        ...required,
        startScript: "hello.jl",
        files,
        additionalVolumes: ["data", "juliarun"],
        ports: "http:80:8080",
        external: true,
        image: "other",
        cpu: 2.5,
        gpu: 1,
        memory: "2Gi",
        shell: "/home/jrun/my.sh",
        args: ["-x", ""],
        envvars: { A: "1", JULIA_NUM_THREADS: "9" },
        restart: "never",
        maxRestarts: 2,
        maxRuntime: "1h",
        startTimeout: 90,
        keepAfterFinish: "2d",
        after: ["earlier"],
        labels: { team: "blue" },
      }),
    );
    expect(rest).toEqual({
      completion: "master",
      volumes: expect.objectContaining({
        data: { kind: "hostpath", path: "/data", readOnly: true },
      }),
      external: true,
      maxRuntimeSeconds: 3600,
      minWorkers: 0,
      startTimeoutSeconds: 90,
      keepAfterFinishSeconds: 172_800,
      after: ["earlier"],
      labels: { team: "blue" },
    });
    expect(groups).toEqual([
      expect.objectContaining({
        restart: { policy: "never", maxRestarts: 2 },
        container: {
          image: "other:2",
          user: "7:8",
          command: [...RUN, "-x", ""],
          env: expect.objectContaining({
            A: "1",
            JULIA_NUM_THREADS: "9",
            JRUN_START_SCRIPT: "/run/juliarun/files/hello.jl",
            JRUN_SHELL: "/home/jrun/my.sh",
          }),
          resources: { cpuMillis: 2500, cpuLimitMillis: 2500, memoryBytes: 2 ** 31, gpus: 1 },
          mounts: [
            { volume: "juliarun", path: "/mnt/juliarun", readOnly: false },
            { volume: "data", path: "/mnt/data", readOnly: true },
          ],
          runtime: true,
          files,
          secrets: [],
          ports: [{ name: "http", containerPort: 80, servicePort: 8080 }],
        },
      }),
    ]);
  });

  it.each<[Parameters<typeof juliaBatch>[0], RegExp]>([
    [
      { ...required, runVolume: "jularun", startScript: "/x.jl" },
      /runVolume names the unknown volume jularun.*did you mean juliarun\?/,
    ],
    [{ ...required, runVolume: "data" }, /runVolume is data, which is read-only/],
    [{ ...required, runVolume: "constructor" }, /unknown volume constructor/],
    [
      { ...required, additionalVolumes: ["dat"] },
      /additionalVolumes names the unknown volume dat;.*did you mean data\?/,
    ],
    [
      { ...required, pkgBundle: "pkg" },
      /unknown package bundle pkg; configured are: pkgs; did you mean pkgs\?/,
    ],
    [{ ...required, pkgBundle: "data" }, /unknown package bundle data/],
    [
      { ...required, image: "julai" },
      /unknown image julai; configured are: julia, other; did you mean julia\?/,
    ],
    [{ ...required, image: "toString" }, /unknown image toString/],
    [{ ...required, startScript: "/mnt/data/x.jl" }, /startScript .*no volume data is mounted/],
    [{ ...required, shell: "/mnt/data/x.sh" }, /shell .*no volume data is mounted/],
  ])("refuses what the configuration does not have: %#", (options, message) => {
    expect(() => plan(juliaBatch(options))).toThrow(
      expect.objectContaining({ code: "SPEC_INVALID", message: expect.stringMatching(message) }),
    );
  });

  it("lists everything that is unknown", () => {
    expect(() =>
      plan(juliaBatch({ ...required, image: "x", pkgBundle: "y", additionalVolumes: ["z"] })),
    ).toThrow(/has 3 problems/);
  });
});

describe("JuliaParBatch", () => {
  const request = juliaParBatch({
    ...required,
    nworkers: 2,
    minWorkers: 1,
    cpu: 4,
    ports: { http: 80 },
    workerCpu: "500m",
    workerMemory: "1Gi",
    workerGpu: 1,
    envvars: { A: "1", B: "1" },
    workerEnvvars: { B: "2" },
  });

  it("plans a master and workers that share a cookie", () => {
    const { completion, minWorkers, groups } = plan(request);
    expect({ completion, minWorkers }).toEqual({ completion: "master", minWorkers: 1 });
    expect(
      groups.map(({ role, replicas, container }) => [
        role,
        replicas,
        container.secrets,
        container.ports.length,
      ]),
    ).toEqual([
      ["master", 1, ["cookie"], 1],
      ["worker", 2, ["cookie"], 0],
    ]);
    const [master, worker] = groups.map(({ container }) => container);
    expect(master?.env).toMatchObject({
      B: "1",
      JRUN_MASTER_PORT: "9009",
      JULIA_NUM_THREADS: "4",
      JRUN_SHELL: "master.sh",
    });
    expect(worker?.env).toMatchObject({
      A: "1",
      B: "2",
      JRUN_MASTER_PORT: "9009",
      JULIA_NUM_THREADS: "1",
      JRUN_SHELL: "master.sh",
      JRUN_START_SCRIPT: "/opt/juliarun/worker.jl",
    });
    expect(worker?.resources).toEqual({
      cpuMillis: 500,
      cpuLimitMillis: 1000,
      memoryBytes: 2 ** 30,
      gpus: 1,
    });
  });

  it("tells the master how many workers to wait for", () => {
    expect(plan(request).groups[0]?.container.env["JRUN_MIN_WORKERS"]).toBe("1");
  });

  it("names the worker's script when its volume is not mounted", () => {
    expect(() => plan(juliaParBatch({ ...required, workerStartScript: "/mnt/data/w.jl" }))).toThrow(
      /workerStartScript is/,
    );
  });
});

describe("JuliaParBatchWorkers", () => {
  it("plans workers that know nothing of each other", () => {
    const { completion, groups } = plan(
      juliaParBatchWorkers({ ...required, nworkers: 5, ports: "8888:80" }),
    );
    expect(completion).toBe("workers");
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ role: "worker", replicas: 5, container: { secrets: [] } });
    expect(groups[0]?.container.ports).toEqual([
      { name: "port8888", containerPort: 8888, servicePort: 80 },
    ]);
    expect(groups[0]?.container.env).toMatchObject({
      JRUN_SHELL: "worker.sh",
      JRUN_START_SCRIPT: "/mnt/juliarun/hello.jl",
    });
    expect(groups[0]?.container.env).not.toHaveProperty("JRUN_MASTER_PORT");
  });
});

it("plans the same again, and nothing that JSON cannot hold", () => {
  const request = juliaParBatch({ ...required, nworkers: 1 });
  expect(plan(request)).toEqual(plan(request));
  expect(JSON.parse(JSON.stringify(plan(request)))).toEqual(plan(request));
});
