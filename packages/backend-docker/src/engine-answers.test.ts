import { ManagerError } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { toEngineInfo } from "./engine-info.ts";
import { engineReason, engineStatus, toDockerError } from "./errors.ts";
import { PullProgress } from "./pull-progress.ts";
import { findComplete } from "./runtime-volume.ts";
import { withDetails } from "./status.ts";
import { toUsageSample } from "./usage.ts";
import { lookUpUser } from "./user-numbers.ts";
import { LABEL } from "./labels.ts";

const refusal = (statusCode: number, message: string): Error =>
  Object.assign(new Error(`(HTTP code ${statusCode}) x - ${message} `), {
    statusCode,
    json: { message },
  });

describe("toDockerError", () => {
  it.each([
    [400, "SPEC_INVALID"],
    [401, "UNAUTHENTICATED"],
    [403, "FORBIDDEN"],
    [404, "STATE_CONFLICT"],
    [409, "STATE_CONFLICT"],
    [500, "INTERNAL"],
    [503, "BACKEND_UNREACHABLE"],
  ])("translates status %i", (status, code) => {
    const error = toDockerError(refusal(status, "no"), "to do it", "unix:///x");
    expect(error.code).toBe(code);
    expect(error.message).toBe("The Docker Engine refused to do it: no");
    expect([engineStatus(error), engineReason(error)]).toEqual([status, "no"]);
  });

  it("says that the engine does not answer, and what to do without the right to", () => {
    const denied = Object.assign(new Error("connect EACCES"), { code: "EACCES" });
    const error = toDockerError(denied, "to list containers", "unix:///x");
    expect(error.code).toBe("BACKEND_UNREACHABLE");
    expect(error.message).toContain("unix:///x");
    expect(error.hint).toContain("group `docker`");
  });

  it("keeps what was translated", () => {
    const error = new ManagerError("NEVER_FITS", "x");
    expect(toDockerError(error, "", "")).toBe(error);
  });
});

describe("PullProgress", () => {
  it("adds layers up and keeps the engine's reason", () => {
    const told: unknown[] = [];
    const progress = new PullProgress("julia:1", (step) => told.push(step));
    progress.add({ id: "a", status: "Downloading", progressDetail: { current: 5, total: 10 } });
    progress.add({ error: "manifest unknown" });
    expect(told[0]).toEqual({ subject: "julia:1", activity: "pulling" });
    expect(progress.error).toBe("manifest unknown");
  });
});

describe("withDetails", () => {
  const unit = {
    jobUid: "u",
    role: "master",
    index: 0,
    attempt: 0,
    engineId: "c",
    state: "exited",
  } as const;
  const NEVER = "0001-01-01T00:00:00Z";
  const times = { StartedAt: "2026-01-01T00:00:00.5Z", FinishedAt: "2026-01-01T00:00:02Z" };
  const state = (changes: object): Parameters<typeof withDetails>[1] => ({
    RestartCount: 2,
    State: {
      Status: "exited",
      Running: false,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: 0,
      ExitCode: 0,
      Error: "",
      StartedAt: NEVER,
      FinishedAt: NEVER,
      ...changes,
    },
  });

  it("reads an end", () => {
    expect(withDetails(unit, state({ ExitCode: 137, OOMKilled: true, ...times }))).toMatchObject({
      state: "exited",
      exitCode: 137,
      outOfMemory: true,
      restarts: 2,
      startedAt: Date.parse(times.StartedAt),
      finishedAt: Date.parse(times.FinishedAt),
    });
  });

  it("does not call a success out of memory because a child was killed", () => {
    expect(withDetails(unit, state({ OOMKilled: true, ...times })).outOfMemory).toBe(false);
  });

  it("tells a failed start from one that has not happened", () => {
    const failed = withDetails(
      unit,
      state({ Status: "created", ExitCode: 127, Error: "no such file" }),
    );
    expect(failed).toMatchObject({ state: "created", error: "no such file" });
    expect(failed.exitCode).toBeUndefined();
    expect(withDetails(unit, state({ Status: "created" })).error).toBeUndefined();
  });

  it("takes no container for ended that is being removed and never ran", () => {
    for (const Status of ["removing", "dead"]) {
      const seen = withDetails(unit, state({ Status, ExitCode: 0 }));
      expect(seen).toMatchObject({ state: "created" });
      expect(seen).not.toHaveProperty("exitCode");
    }
    expect(withDetails(unit, state({ Status: "removing", ExitCode: 3, ...times }))).toMatchObject({
      state: "exited",
      exitCode: 3,
    });
  });
});

const stats = (memory: object): unknown => ({
  read: "2026-01-01T00:00:01Z",
  cpu_stats: { cpu_usage: { total_usage: 5_000_000 } },
  memory_stats: memory,
});

describe("toUsageSample", () => {
  it("leaves out file cache under both versions of cgroups", () => {
    const v1 = stats({ usage: 100, stats: { total_inactive_file: 30 } });
    const v2 = stats({ usage: 100, stats: { inactive_file: 30 } });
    expect(toUsageSample(v1)?.memoryBytes).toBe(70);
    expect(toUsageSample(v2)).toEqual({ at: 1767225601000, cpuNs: 5_000_000, memoryBytes: 70 });
  });

  it("is nothing for a container that does not run", () => {
    expect(toUsageSample(stats({}))).toBeUndefined();
  });
});

describe("lookUpUser", () => {
  const passwd = "root:x:0:0::/:/bin/sh\njulia:x:1000:1001::/home/julia:/bin/sh\n";

  it("finds names and numbers", () => {
    expect(lookUpUser("julia", undefined, passwd, "")).toEqual({ uid: 1000, gid: 1001 });
    expect(lookUpUser("julia", "staff", passwd, "staff:x:50:\n")).toEqual({ uid: 1000, gid: 50 });
    expect(lookUpUser("1000", undefined, passwd, "")).toEqual({ uid: 1000, gid: 1001 });
    expect(lookUpUser("77", undefined, passwd, "")).toEqual({ uid: 77, gid: 0 });
  });
});

const mapping = (...SecurityOptions: string[]): string =>
  toEngineInfo({ SecurityOptions }).userMapping;

describe("toEngineInfo", () => {
  it("knows rootless and remapped engines", () => {
    expect(mapping("name=seccomp,profile=default")).toBe("none");
    expect(mapping("name=seccomp,profile=default", "name=rootless")).toBe("rootless");
    expect(mapping("name=userns")).toBe("remapped");
  });
});

describe("findComplete", () => {
  const data = { Name: "v-1", Labels: { [LABEL.runtime]: "h" } };
  const mark = { Name: "v-1-complete", Labels: { ...data.Labels, [LABEL.runtimeComplete]: "v-1" } };

  it("takes only a filled volume that is still there", () => {
    expect(findComplete([data, mark], "h")).toBe("v-1");
    expect(findComplete([data], "h")).toBeUndefined();
    expect(findComplete([mark], "h")).toBeUndefined();
    expect(findComplete([data, mark], "other")).toBeUndefined();
    expect(findComplete([{ Name: "v-1", Labels: null }, mark], "h")).toBeUndefined();
  });
});
