import type { JobRecord, UnitGroup, UnitStart } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { toCreateOptions, toRestartPolicy } from "./container-spec.ts";
import { testGroup, testPlan, testRecord } from "./fixtures/record.ts";
import { identify, LABEL, parseLabelledRecord } from "./labels.ts";

const SETTING = { owner: "me", network: "jrun-test", cpus: 4 };
const MIB = 1024 * 1024;

function options(
  group: UnitGroup,
  changes: Partial<JobRecord["plan"]> = {},
  setting: Parameters<typeof toCreateOptions>[2] = SETTING,
): ReturnType<typeof toCreateOptions> {
  const plan = testPlan([group], changes);
  const record = {
    ...testRecord("hello", { uid: "01234567-89ab", secrets: { cookie: "hush" } }, plan),
    version: "1",
  };
  const unit = { role: group.role, index: group.role === "master" ? 0 : 3 };
  const request: UnitStart = { record, unit, attempt: 1, restartsLeft: 2 };
  return toCreateOptions(request, group, setting);
}

describe("toCreateOptions", () => {
  it("names container and host for the unit", () => {
    const master = options(testGroup(["true"]));
    expect([master.name, master.Hostname]).toEqual(["jrun_test_hello_01234567_master_1", "hello"]);
    const worker = options(testGroup(["true"], { role: "worker" }));
    expect([worker.name, worker.Hostname]).toEqual([
      "jrun_test_hello_01234567_worker-3_1",
      "hello-worker-3",
    ]);
    const endpoints = { "jrun-test": { Aliases: ["hello-worker-3"] } };
    expect(worker.NetworkingConfig?.EndpointsConfig).toEqual(endpoints);
    expect(worker.HostConfig?.NetworkMode).toBe("jrun-test");
  });

  it("limits memory hard, and CPU by what may be burst to and the machine has", () => {
    const resources = { cpuMillis: 500, cpuLimitMillis: 8000, memoryBytes: 64 * MIB, gpus: 0 };
    const { HostConfig } = options(testGroup(["true"], { container: { resources } }));
    expect(HostConfig).toMatchObject({
      Memory: 64 * MIB,
      MemorySwap: 64 * MIB,
      NanoCpus: 4_000_000_000,
      CpuShares: 512,
    });
    expect(HostConfig?.DeviceRequests).toBeUndefined();
  });

  it("asks for GPUs", () => {
    const resources = { cpuMillis: 1, cpuLimitMillis: 1000, memoryBytes: 64 * MIB, gpus: 2 };
    const { HostConfig } = options(testGroup(["true"], { container: { resources } }));
    expect(HostConfig?.DeviceRequests).toEqual([{ Driver: "", Count: 2, Capabilities: [["gpu"]] }]);
    expect(HostConfig?.CpuShares).toBe(2);
  });

  it("gives no privileges", () => {
    const { HostConfig } = options(testGroup(["true"]));
    expect(HostConfig).toMatchObject({
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      PidsLimit: 4096,
      LogConfig: { Type: "local" },
    });
    expect(HostConfig).not.toHaveProperty("Privileged");
  });

  it("mounts folders, scratch and the runtime", () => {
    const mounts = [
      { volume: "data", path: "/mnt/data", readOnly: true },
      { volume: "tmp", path: "/mnt/tmp", readOnly: false },
    ];
    const group = testGroup(["true"], { container: { mounts, runtime: true } });
    const volumes = {
      data: { kind: "hostpath", path: "/srv/data", readOnly: false },
      tmp: { kind: "scratch", readOnly: false },
    } as const;
    const { HostConfig } = options(group, { volumes }, { ...SETTING, runtimeVolume: "runtime-1" });
    expect(HostConfig?.Mounts).toMatchObject([
      { Type: "bind", Source: "/srv/data", Target: "/mnt/data", ReadOnly: true },
      { Type: "volume", Source: "", Target: "/mnt/tmp" },
      { Type: "volume", Source: "runtime-1", Target: "/opt/juliarun", ReadOnly: true },
    ]);
    // Labels here would make a volume that the engine had to make anew look like the filled one.
    expect(HostConfig?.Mounts?.[2]?.VolumeOptions?.Labels).toEqual({});
  });

  it("publishes ports on this machine only, unless they are external", () => {
    const ports = [{ name: "web", containerPort: 8000, servicePort: 80 }];
    const group = testGroup(["true"], { container: { ports } });
    expect(options(group).HostConfig?.PortBindings).toEqual({
      "8000/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }],
    });
    expect(options(group, { external: true }).HostConfig?.PortBindings).toEqual({
      "8000/tcp": [{ HostIp: "0.0.0.0", HostPort: "80" }],
    });
  });

  it("shows no secret and no file anywhere", () => {
    const files = [{ name: "a.jl", contentBase64: "cHJpbnQoMSk=" }];
    const group = testGroup(["true"], { container: { secrets: ["cookie"], files } });
    const text = JSON.stringify(options(group));
    expect(text).not.toContain("hush");
    expect(text).not.toContain("cHJpbnQoMSk=");
    expect(text).toContain("a.jl");
  });

  it("labels the container so that it is recognised and its record can be rebuilt", () => {
    const { name, Labels = {} } = options(testGroup(["true"]), {
      labels: { team: "a", [LABEL.uid]: "forged" },
    });
    expect(identify(Labels, name)).toMatchObject({
      namespace: "test",
      job: "hello",
      role: "master",
      index: 0,
      attempt: 1,
    });
    expect(Labels["team"]).toBe("a");
    expect(parseLabelledRecord(Labels[LABEL.spec])?.spec.name).toBe("hello");
  });

  it("ignores containers with our labels that others have made", () => {
    const { name, Labels = {} } = options(testGroup(["true"]));
    expect(identify(Labels, "another-name")).toBeUndefined();
    expect(identify({ ...Labels, [LABEL.index]: "x" }, name)).toBeUndefined();
    for (const label of [LABEL.managed, LABEL.owner, LABEL.uid, LABEL.hash, LABEL.spec]) {
      const rest = Object.entries(Labels).filter(([key]) => key !== label);
      expect(identify(Object.fromEntries(rest), name)).toBeUndefined();
    }
  });
});

function policyOf(policy: "always" | "never" | "on-failure", left: number): unknown {
  return toRestartPolicy({ restart: { policy, maxRestarts: 6 } }, left);
}

describe("toRestartPolicy", () => {
  it("leaves restarts to the engine", () => {
    expect(policyOf("always", 0)).toEqual({ Name: "always" });
    expect(policyOf("never", 3)).toEqual({ Name: "no" });
    expect(policyOf("on-failure", 3)).toEqual({ Name: "on-failure", MaximumRetryCount: 3 });
  });

  it("never asks for restarts without end when none are left", () => {
    expect(policyOf("on-failure", 0)).toEqual({ Name: "no" });
  });
});
