import type { JobPlan } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { testRequest } from "../fixtures/controller-request.ts";
import type { GroupChanges } from "../fixtures/record.ts";
import { toVolumes, type PodVolumes } from "./volumes.ts";

const MIB = 1024 * 1024;

function volumes(
  container: GroupChanges["container"] = {},
  sources: JobPlan["volumes"] = {},
  user?: { readonly uid: number },
): PodVolumes {
  const files = container.files ?? [];
  const spec = { type: "Test", name: "hello", parameters: {}, files };
  return toVolumes(testRequest({ container }, { volumes: sources }, { spec }), user);
}

describe("toVolumes", () => {
  it("is nothing for a container without mounts", () => {
    expect(volumes()).toEqual({ volumes: [], mounts: [], initContainers: [] });
  });

  it("mounts folders of the node and scratch", () => {
    const mounts = [
      { volume: "data", path: "/mnt/data", readOnly: true },
      { volume: "shared", path: "/mnt/shared", readOnly: false },
      { volume: "tmp", path: "/mnt/tmp", readOnly: false },
      { volume: "small", path: "/mnt/small", readOnly: false },
    ];
    const sources = {
      data: { kind: "hostpath", path: "/srv/data", readOnly: false },
      shared: { kind: "hostpath", path: "/srv/shared", readOnly: true },
      tmp: { kind: "scratch", readOnly: false },
      small: { kind: "scratch", readOnly: false, capacityBytes: 10 * MIB },
    } as const;
    expect(volumes({ mounts }, sources)).toEqual({
      volumes: [
        { name: "volume-0", hostPath: { path: "/srv/data", type: "Directory" } },
        { name: "volume-1", hostPath: { path: "/srv/shared", type: "Directory" } },
        { name: "volume-2", emptyDir: {} },
        { name: "volume-3", emptyDir: { sizeLimit: "10Mi" } },
      ],
      mounts: [
        { name: "volume-0", mountPath: "/mnt/data", readOnly: true },
        { name: "volume-1", mountPath: "/mnt/shared", readOnly: true },
        { name: "volume-2", mountPath: "/mnt/tmp" },
        { name: "volume-3", mountPath: "/mnt/small" },
      ],
      initContainers: [],
    });
  });

  it("mounts what an administrator has made by its claim", () => {
    const mounts = [
      { volume: "nfs", path: "/mnt/nfs", readOnly: true },
      { volume: "disk", path: "/mnt/disk", readOnly: false },
    ];
    const sources = {
      nfs: { kind: "nfs", server: "files", path: "/x", readOnly: false },
      disk: { kind: "gce", disk: "d", readOnly: true },
    } as const;
    expect(volumes({ mounts }, sources)).toMatchObject({
      volumes: [
        { name: "volume-0", persistentVolumeClaim: { claimName: "juliarun-nfs" } },
        {
          name: "volume-1",
          persistentVolumeClaim: { claimName: "juliarun-disk", readOnly: true },
        },
      ],
      mounts: [{ readOnly: true }, { readOnly: true }],
    });
  });

  it("mounts a clone's working tree, and clones with the unit's resources but its GPUs", () => {
    const mounts = [{ volume: "code", path: "/mnt/code", readOnly: false }];
    const resources = { cpuMillis: 10, cpuLimitMillis: 1000, memoryBytes: 64 * MIB, gpus: 1 };
    const sources = { code: { kind: "gitrepo", repository: "https://example.org/a.git" } } as const;
    const made = volumes({ mounts, resources }, sources);
    expect(made.volumes).toEqual([{ name: "volume-0", emptyDir: {} }]);
    expect(made.mounts).toEqual([{ name: "volume-0", mountPath: "/mnt/code", subPath: "content" }]);
    expect(made.initContainers).toMatchObject([
      { name: "git-volume-0", image: "docker.io/alpine/git" },
    ]);
    expect(made.initContainers[0]?.resources?.limits).toEqual({ cpu: "1", memory: "64Mi" });
  });

  it("refuses a mount that the plan does not describe", () => {
    const mounts = [{ volume: "data", path: "/mnt/data", readOnly: true }];
    expect(() => volumes({ mounts })).toThrow(/volume data/);
  });

  it("places files from the record's ConfigMap, by their place in the spec", () => {
    const [first, second] = [
      { name: "a.jl", contentBase64: "" },
      { name: "b.jl", contentBase64: "" },
    ] as const;
    const spec = { type: "Test", name: "hello", parameters: {}, files: [first, second] };
    const request = testRequest({ container: { files: [second] } }, {}, { spec });
    expect(toVolumes(request, undefined)).toEqual({
      volumes: [
        {
          name: "files",
          configMap: {
            name: "hello",
            items: [{ key: "file-1", path: "b.jl" }],
            defaultMode: 0o444,
          },
        },
      ],
      mounts: [{ name: "files", mountPath: "/run/juliarun/files", readOnly: true }],
      initContainers: [],
    });
  });

  it("places secrets for the unit's user", () => {
    expect(volumes({ secrets: ["cookie"] }, {}, { uid: 1000 })).toEqual({
      volumes: [
        {
          name: "secrets",
          secret: {
            secretName: "hello-01234567",
            items: [{ key: "cookie", path: "cookie" }],
            defaultMode: 0o440,
          },
        },
      ],
      mounts: [{ name: "secrets", mountPath: "/run/juliarun/secrets", readOnly: true }],
      initContainers: [],
    });
  });

  it("mounts the runtime bundle where the plan wants it", () => {
    const content = Buffer.from("true\n");
    const runtimeBundle = { hash: "0123", files: [{ path: "lib/a.sh", mode: 0o755, content }] };
    const request = testRequest({ container: { runtime: true } });
    const setting = { ...request.setting, runtimeBundle };
    expect(toVolumes({ ...request, setting }, undefined)).toEqual({
      volumes: [
        {
          name: "runtime",
          configMap: {
            name: "juliarun-runtime-0123",
            items: [{ key: "lib_2fa.sh", path: "lib/a.sh", mode: 0o755 }],
          },
        },
      ],
      mounts: [{ name: "runtime", mountPath: "/opt/juliarun", readOnly: true }],
      initContainers: [],
    });
    const without = testRequest();
    expect(toVolumes({ ...without, setting }, undefined).volumes).toEqual([]);
  });
});
