import { Registries, type JobPlan, type RuntimeBundle } from "@juliarun/core";
import { afterEach, describe, expect, it } from "vitest";
import { AnsweringApi, refusal, type ApiAnswer } from "./fixtures/answering-api.ts";
import { testGroup, testPlan } from "./fixtures/record.ts";
import { Trial } from "./trial.ts";

const runtimeBundle: RuntimeBundle = { hash: "h", files: [] };
const setting = { externalService: "NodePort", runtimeBundle } as const;
const plan = testPlan([testGroup(), testGroup({ role: "worker" })]);
const stored = testPlan([testGroup()], {
  volumes: { shared: { kind: "nfs", server: "10.0.0.1", path: "/x", readOnly: false } },
});

const OVER = refusal(
  403,
  "Forbidden",
  'pods "trial" is forbidden: exceeded quota: compute, requested: requests.cpu=10m, used: requests.cpu=2, limited: requests.cpu=2',
);

const apis: AnsweringApi[] = [];

afterEach(async () => Promise.all(apis.splice(0).map(async (api) => api.close())));

/** A trial on a server that answers a dry run so, and has a quota of that many cores. */
async function open(dryRun: ApiAnswer | undefined, cores = "2") {
  const items = [{ metadata: { name: "compute" }, status: { hard: { "requests.cpu": cores } } }];
  const quotas = { body: { kind: "ResourceQuotaList", metadata: {}, items } };
  const api = await AnsweringApi.open(({ method, path }) => {
    if (method === "POST") return dryRun;
    return path.endsWith("/resourcequotas") ? quotas : undefined;
  });
  apis.push(api);
  const trial = new Trial(api.client, setting);
  return { api, run: async (of: JobPlan = plan) => trial.run(of) };
}

/** Runs with a registry that has a Secret, on a server whose Secret is of that type, or is not there. */
async function runWithSecret(type?: string): Promise<void> {
  const api = await AnsweringApi.open(({ method }) => {
    if (method === "POST") return { status: 201, body: {} };
    return type === undefined ? undefined : { body: { kind: "Secret", metadata: {}, type } };
  });
  apis.push(api);
  const secrets = { readFile: async () => "", env: () => undefined };
  const registries = new Registries({ "docker.io": { secret: "pull" } }, secrets);
  await new Trial(api.client, { ...setting, registries }).run(plan);
}

describe("Trial", () => {
  it("tries a pod of each group on the server without making it, and not again soon", async () => {
    const { api, run } = await open({ status: 201, body: {} });
    await run();
    await run();
    const tries = api.calls.filter(({ method }) => method === "POST");
    expect(tries.map(({ path, query }) => `${path}?${query.toString()}`)).toEqual([
      "/api/v1/namespaces/test/pods?dryRun=All",
      "/api/v1/namespaces/test/pods?dryRun=All",
    ]);
  });

  it("passes on what refuses the pod", async () => {
    const { run } = await open(refusal(422, "Invalid", "spec.containers[0].image: Invalid value"));
    await expect(run()).rejects.toMatchObject({ code: "SPEC_INVALID" });
  });

  it("lets a job wait for a quota that is used up", async () => {
    const { run } = await open(OVER);
    await expect(run()).resolves.toBeUndefined();
  });

  it("refuses a pod that is larger than a quota", async () => {
    const { run } = await open(OVER, "5m");
    await expect(run()).rejects.toMatchObject({
      code: "QUOTA_EXCEEDED",
      message:
        "A master asks for requests.cpu 10m; the quota compute of namespace test allows 5m in all.",
      details: { quota: "compute", resource: "requests.cpu" },
    });
  });

  describe("of a registry with a Secret", () => {
    it.each([
      [undefined, "There is no Secret pull in namespace test"],
      [
        "Opaque",
        "The Secret pull in namespace test is of type Opaque, which holds no credentials of registries",
      ],
    ])("refuses one of type %s", async (type, problem) => {
      await expect(runWithSecret(type)).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: `${problem}: registries.docker.io.secret names it.`,
      });
    });

    it("takes one that is for pulling", async () => {
      await expect(runWithSecret("kubernetes.io/dockerconfigjson")).resolves.toBeUndefined();
    });
  });

  it("names the volume that has no claim", async () => {
    const { run } = await open({ status: 201, body: {} });
    await expect(run(stored)).rejects.toMatchObject({
      code: "VOLUME_NOT_FOUND",
      hint: "Have an administrator run `jrun storage apply shared`.",
    });
  });
});
