import { z } from "zod";
import { JuliaJob } from "../plan/julia-job.ts";
import { flag, nonEmptyText } from "../schema/text-scalars.ts";
import { defineJobType } from "./define-job-type.ts";
import { cpu, environment, gpu, life, memory, placement, script, shell } from "./parameters.ts";

/** The manual's defaults of CPU and memory: packages take more to build than to use. */
const BUILD_CPU = "2";
const BUILD_MEMORY = "8Gi";

const schema = z.strictObject({
  builderScript: script("Julia script that builds packages"),
  runVolume: placement.runVolume,
  pkgBundle: nonEmptyText.meta({
    description: "Package bundle to build; its writable twin is mounted at /mnt/<bundle>",
    value: "bundle",
    manual: true,
  }),
  additionalVolumes: placement.additionalVolumes,
  image: placement.image,
  cpu: cpu("", BUILD_CPU),
  gpu: gpu(""),
  memory: memory("", BUILD_MEMORY),
  shell: shell("Startup shell that runs the script"),
  fresh: flag
    .default(false)
    .meta({ description: "Begin with an empty bundle instead of what the last build made" }),
  envvars: environment("Additional environment variables"),
  ...life,
});

/** Builds or updates a package bundle, which other jobs then name as `pkgBundle` (manual: Job Types, `PkgBuilder`). */
export const PKG_BUILDER = defineJobType({
  name: "PkgBuilder",
  summary: "Builds or updates a bundle of Julia packages.",
  manual: "Job Types: PkgBuilder",
  schema,
  positional: ["builderScript", "runVolume", "pkgBundle"],
  plan({ parameters, ...input }) {
    const { pkgBundle, fresh, builderScript, ...others } = parameters;
    const job = new JuliaJob(
      "PkgBuilder",
      { ...input, parameters: { ...others, ports: {}, external: false } },
      { buildBundle: pkgBundle, fresh },
    );
    const builder = job.group({
      ...others,
      startScript: builderScript,
      role: "master",
      replicas: 1,
      exposed: false,
      named: { startScript: "builderScript", shell: "shell" },
    });
    return job.plan("master", [builder]);
  },
});
