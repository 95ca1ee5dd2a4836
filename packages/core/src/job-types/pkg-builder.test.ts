import { describe, expect, it } from "vitest";
import { toConfig } from "../config/check-config.ts";
import { planContext } from "../config/plan-context.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { makePlan } from "../plan/make-plan.ts";
import { makeSpec } from "../spec/make-spec.ts";
import { pkgBuilder } from "./constructors.ts";
import type { PlanContext } from "./job-type.ts";
import { PKG_BUILDER } from "./pkg-builder.ts";

const context = planContext(
  toConfig({
    storage: {
      hostpath: [
        { name: "juliarun", path: "/jr" },
        { name: "pkgs", path: "/pkgs", readonly: true },
        { name: "pkgsrw", path: "/pkgs" },
      ],
    },
    packages: ["pkgs"],
  }),
  { baseDir: "/base" },
);

type Options = Parameters<typeof pkgBuilder>[0];

const required: Options = {
  name: "build",
  builderScript: "build.jl",
  runVolume: "juliarun",
  pkgBundle: "pkgs",
};

function plan(options: Partial<Options> = {}, within: PlanContext = context): JobPlan {
  const request = pkgBuilder({ ...required, ...options });
  return makePlan(PKG_BUILDER, makeSpec(PKG_BUILDER, request), within);
}

/** The configuration with another twin of the bundle, which `checkConfig()` need not have seen. */
function withTwin(twin: PlanContext["volumes"][string] | undefined): PlanContext {
  const others = Object.entries(context.volumes).filter(([name]) => name !== "pkgsrw");
  return { ...context, volumes: { ...Object.fromEntries(others), ...(twin && { pkgsrw: twin }) } };
}

describe("PkgBuilder", () => {
  it("mounts the writable twin where jobs will see the bundle", () => {
    const { volumes, groups, completion } = plan();
    expect(completion).toBe("master");
    expect(groups).toHaveLength(1);
    const { mounts, env } = groups[0]?.container ?? {};
    expect(mounts).toEqual([
      { volume: "juliarun", path: "/mnt/juliarun", readOnly: false },
      { volume: "pkgsrw", path: "/mnt/pkgs", readOnly: false },
    ]);
    expect(Object.keys(volumes)).toEqual(["juliarun", "pkgsrw"]);
    expect(env).toMatchObject({
      JRUN_TYPE: "PkgBuilder",
      JRUN_START_SCRIPT: "/mnt/juliarun/build.jl",
      JRUN_BUILD_BUNDLE: "/mnt/pkgs",
      JRUN_SHELL: "master.sh",
      JULIA_NUM_THREADS: "2",
    });
    expect(env).not.toHaveProperty("JRUN_PKG_BUNDLE");
    expect(env).not.toHaveProperty("JRUN_FRESH_BUNDLE");
  });

  it("has the manual's two cores and 8 GiB", () => {
    expect(plan().groups[0]?.container.resources).toEqual({
      cpuMillis: 2000,
      cpuLimitMillis: 2000,
      memoryBytes: 8 * 2 ** 30,
      gpus: 0,
    });
  });

  it("can begin with nothing, with a script on the bundle itself", () => {
    const { groups } = plan({ fresh: true, builderScript: "/mnt/pkgs/build.jl" });
    expect(groups[0]?.container.env).toMatchObject({
      JRUN_FRESH_BUNDLE: "1",
      JRUN_START_SCRIPT: "/mnt/pkgs/build.jl",
    });
  });

  it.each<[string, () => JobPlan, RegExp]>([
    ["an unknown bundle", () => plan({ pkgBundle: "pkg" }), /unknown package bundle pkg;.*pkgs\?/],
    ["no twin", () => plan({}, withTwin(undefined)), /pkgBundle names the unknown volume pkgsrw/],
    [
      "a read-only twin",
      () => plan({}, withTwin({ kind: "hostpath", path: "/pkgs", readOnly: true })),
      /whose twin pkgsrw is read-only/,
    ],
    [
      "a twin that does not last",
      () => plan({}, withTwin({ kind: "scratch", readOnly: false })),
      /pkgsrw is a scratch volume: what is built there would not be kept/,
    ],
    [
      "the bundle as another volume too",
      () => plan({ additionalVolumes: ["pkgs"] }),
      /mounts as another volume too/,
    ],
    [
      "a script on a volume that is not mounted",
      () => plan({ builderScript: "/mnt/data/x.jl" }),
      /builderScript is .*no volume data is mounted/,
    ],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: "SPEC_INVALID", message: expect.stringMatching(message) }),
    );
  });
});
