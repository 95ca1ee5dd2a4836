import { Registries } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { TEST_SETTING, testRequest } from "../fixtures/controller-request.ts";
import { testGroup, testPlan, testRecord } from "../fixtures/record.ts";
import { pullLogins } from "../pull-logins.ts";
import { toPodTemplate } from "./pod-template.ts";
import { toPullSecret } from "./pull-secret.ts";

const HOST = "registry.example:5000";
const password = { env: "PASSWORD" };
const registries = new Registries(
  {
    [HOST]: { username: "ci", password },
    "docker.io": { username: "me", password },
    "ghcr.io": { username: "unused", password: { env: "UNSET" }, secret: "ghcr" },
  },
  {
    readFile: async () => Promise.reject(new Error("ENOENT")),
    env: (name) => ({ PASSWORD: "secret" })[name],
  },
);
const owner = { name: "hello", uid: "owner-uid" };
const clone = {
  kind: "gitrepo",
  repository: "https://example.org/code.git",
  image: "ghcr.io/team/git",
} as const;

/** The Secret of a job with these images, and the master's pod template. */
async function make(image: string, volumes: Record<string, typeof clone> = {}) {
  const group = testGroup({
    container: {
      image,
      mounts: Object.keys(volumes).map((volume) => ({
        volume,
        path: `/mnt/${volume}`,
        readOnly: false,
      })),
    },
  });
  const plan = testPlan([group], { volumes });
  const record = testRecord(plan);
  const setting = { ...TEST_SETTING, registries };
  const logins = await pullLogins(plan, setting);
  const secret = toPullSecret(record, logins, owner);
  const data = Buffer.from(secret.data?.[".dockerconfigjson"] ?? "", "base64").toString();
  const request = { ...testRequest(), record, group, setting };
  const { metadata, spec } = toPodTemplate(request, "Job");
  return { secret, logins, config: JSON.parse(data) as unknown, metadata, spec };
}

describe("the credentials of a job's images", () => {
  it("are a Secret that goes with the job, and its pods name it", async () => {
    const { secret, config, metadata, spec } = await make(`${HOST}/team/julia:1.10`);
    expect(secret).toMatchObject({
      type: "kubernetes.io/dockerconfigjson",
      metadata: {
        name: "hello-01234567-pull",
        labels: { "juliarun/uid": "01234567-89ab-4def-8123-456789abcdef" },
        ownerReferences: [{ kind: "ConfigMap", name: "hello", uid: "owner-uid" }],
      },
    });
    const auth = Buffer.from("ci:secret").toString("base64");
    expect(config).toEqual({ auths: { [HOST]: { username: "ci", password: "secret", auth } } });
    expect(spec?.imagePullSecrets).toEqual([{ name: "hello-01234567-pull" }]);
    expect(metadata?.annotations).toEqual({
      "juliarun/pull-access": JSON.stringify({ [HOST]: "as user ci" }),
    });
    expect(JSON.stringify({ metadata, spec })).not.toContain(":secret");
  });

  it("are the kubelet's way for Docker Hub", async () => {
    const { config } = await make("julia:1.10");
    expect(config).toMatchObject({ auths: { "https://index.docker.io/v1/": { username: "me" } } });
  });

  it("are an existing Secret where one is configured, also for the image that clones", async () => {
    const { logins, spec } = await make("other.example/julia", { code: clone });
    expect(logins.size).toBe(0);
    expect(spec?.imagePullSecrets).toEqual([{ name: "ghcr" }]);
    const both = await make(`${HOST}/julia`, { code: clone });
    expect(both.spec?.imagePullSecrets).toEqual([
      { name: "hello-01234567-pull" },
      { name: "ghcr" },
    ]);
  });

  it("are none for other registries", async () => {
    const { logins, metadata, spec } = await make("other.example/julia");
    expect(logins.size).toBe(0);
    expect(spec).not.toHaveProperty("imagePullSecrets");
    expect(metadata).not.toHaveProperty("annotations");
  });
});
