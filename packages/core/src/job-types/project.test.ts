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
const storage = {
  hostpath: [
    { name: "juliarun", path: "/jr" },
    { name: "data", path: "/data", readonly: true },
    { name: "depots", path: "/depots" },
  ],
};

function plan(request: JobRequest, projectcache?: string): JobPlan {
  const config = toConfig({ storage, ...(projectcache === undefined ? {} : { projectcache }) });
  const type = types.get(request.type);
  return makePlan(type, makeSpec(type, request), planContext(config, { baseDir: "/" }));
}

const required = { name: "fit", startScript: "fit.jl", runVolume: "juliarun" };
const environments = ({ groups }: JobPlan) =>
  groups.map(({ container: { env } }) => [env["JRUN_PROJECT"], env["JRUN_PROJECT_CACHE"]]);
const CACHE = "/mnt/juliarun/.juliarun/projects";

describe("a job's project", () => {
  it.each([
    ["a folder on the run volume", "fit", "/mnt/juliarun/fit"],
    ["its file", "/mnt/juliarun/fit/Project.toml", "/mnt/juliarun/fit"],
    ["another volume", "/mnt/data", "/mnt/data"],
    ["a folder of the image", "/opt/project", "/opt/project"],
  ])("may be %s", (_, project, folder) => {
    const additionalVolumes = ["data"];
    const made = plan(juliaBatch({ ...required, project, additionalVolumes }));
    expect(environments(made)).toEqual([[folder, CACHE]]);
  });

  it("may travel with the job", () => {
    const files = [placedFile("Project.toml", ""), placedFile("Manifest.toml", "")];
    const made = plan(juliaBatch({ ...required, project: "Project.toml", files }));
    expect(environments(made)).toEqual([["/run/juliarun/files", CACHE]]);
  });

  it("is the same for masters, workers and arrays", () => {
    const both = plan(juliaParBatch({ ...required, project: "fit", nworkers: 2 }));
    expect(environments(both)).toEqual([
      ["/mnt/juliarun/fit", CACHE],
      ["/mnt/juliarun/fit", CACHE],
    ]);
    const array = plan(juliaParBatchWorkers({ ...required, project: "fit", nworkers: 2 }));
    expect(environments(array)).toEqual([["/mnt/juliarun/fit", CACHE]]);
  });

  it("is kept on the configured volume, which is then mounted", () => {
    const made = plan(juliaBatch({ ...required, project: "fit" }), "depots");
    expect(environments(made)).toEqual([["/mnt/juliarun/fit", "/mnt/depots/.juliarun/projects"]]);
    expect(made.groups[0]?.container.mounts).toContainEqual({
      volume: "depots",
      path: "/mnt/depots",
      readOnly: false,
    });
    expect(Object.keys(plan(juliaBatch(required), "depots").volumes)).toEqual(["juliarun"]);
  });

  it.each<[string, RegExp]>([
    ["/mnt/data/fit", /project is .*no volume data is mounted/],
    ["/mnt/data", /project is .*no volume data is mounted/],
    ["fit/Fit.toml", /project is .*Julia looks for a file called Project\.toml/],
  ])("is refused where it is %s", (project, message) => {
    expect(() => plan(juliaBatch({ ...required, project }))).toThrow(
      expect.objectContaining({ code: "SPEC_INVALID", message: expect.stringMatching(message) }),
    );
  });

  it.each([
    ["data", /projectcache needs the volume data to be writable/],
    ["nowhere", /projectcache needs a writable volume nowhere/],
  ])("cannot be kept on %s", (volume, message) => {
    expect(() => plan(juliaBatch(required), volume)).toThrow(message);
  });
});
