import type { VolumeSource } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { toMount } from "./volume-mount.ts";

const LABELS = { "juliarun.uid": "1" };

function mount(source: VolumeSource, { readOnly = false, quotas = false } = {}): unknown {
  return toMount({ volume: "data", path: "/mnt/data", readOnly }, source, {
    labels: LABELS,
    quotas,
  });
}

/** A volume that the engine makes for this container. */
function own(options: Readonly<Record<string, string>>): unknown {
  return {
    Type: "volume",
    Source: "",
    Target: "/mnt/data",
    VolumeOptions: {
      NoCopy: true,
      Labels: LABELS,
      DriverConfig: { Name: "local", Options: options },
    },
  };
}

describe("toMount", () => {
  it("mounts a folder, read-only where the volume or the job says so", () => {
    const folder = { kind: "hostpath", path: "/srv", readOnly: false } as const;
    const bind = { Type: "bind", Source: "/srv", Target: "/mnt/data" };
    expect(mount(folder)).toEqual({ ...bind, ReadOnly: false });
    expect(mount({ ...folder, readOnly: true })).toEqual({ ...bind, ReadOnly: true });
    expect(mount(folder, { readOnly: true })).toEqual({ ...bind, ReadOnly: true });
  });

  it("bounds scratch where the engine has quotas", () => {
    const scratch = { kind: "scratch", readOnly: false, capacityBytes: 1024 } as const;
    expect(mount(scratch)).toEqual(own({}));
    expect(mount(scratch, { quotas: true })).toEqual(own({ size: "1024" }));
  });

  it("has nothing in scratch that is read-only", () => {
    expect(mount({ kind: "scratch", readOnly: true }, { quotas: true })).toEqual({
      Type: "tmpfs",
      Source: "",
      Target: "/mnt/data",
      ReadOnly: true,
    });
  });

  it("leaves NFS to the engine", () => {
    const share = { kind: "nfs", server: "nas", path: "/a b", readOnly: false } as const;
    const options = { type: "nfs", device: ":/a b" };
    expect(mount(share)).toEqual(own({ ...options, o: "addr=nas,nfsvers=4,rw" }));
    const fixed = own({ ...options, o: "addr=nas,nfsvers=4,ro" });
    expect(mount({ ...share, readOnly: true })).toEqual(fixed);
    expect(mount(share, { readOnly: true })).toEqual(fixed);
  });

  it("makes an empty volume for a clone", () => {
    const source = { kind: "gitrepo", repository: "https://example.org/code" } as const;
    expect(mount(source)).toEqual(own({}));
  });

  it("refuses what only a cloud has", () => {
    expect(() => mount({ kind: "gce", disk: "disk", readOnly: true })).toThrow(
      expect.objectContaining({
        code: "CAPABILITY_UNSUPPORTED",
        message: "Volume data is of kind gce, which the Docker Engine cannot mount.",
      }),
    );
  });
});
