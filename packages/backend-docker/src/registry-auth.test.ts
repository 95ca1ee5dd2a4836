import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Registries } from "@juliarun/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RegistryAuth } from "./registry-auth.ts";

const HOST = "registry.example:5000";
const secrets = {
  readFile: async () => Promise.reject(new Error("ENOENT")),
  env: (name: string) => ({ PASSWORD: "configured" })[name],
};

describe("RegistryAuth", () => {
  let env: { DOCKER_CONFIG: string };
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "jrun-auth-"));
    env = { DOCKER_CONFIG: folder };
    const auth = Buffer.from("me:logged-in").toString("base64");
    const auths = { [HOST]: { auth }, "other.example": { auth } };
    await writeFile(join(folder, "config.json"), JSON.stringify({ auths }));
  });
  afterAll(async () => rm(env.DOCKER_CONFIG, { recursive: true }));

  const open = (password: { env: string } | { file: string }): RegistryAuth => {
    const source = { username: "ci", password };
    return new RegistryAuth(env, new Registries({ [HOST]: source, "docker.io": source }, secrets));
  };

  it("takes the configured credentials before those of docker login", async () => {
    const auth = open({ env: "PASSWORD" });
    const configured = { username: "ci", password: "configured" };
    expect(await auth.of(`${HOST}/team/julia`)).toEqual({ ...configured, serveraddress: HOST });
    expect(await auth.of("julia")).toEqual({
      ...configured,
      serveraddress: "https://index.docker.io/v1/",
    });
    expect(await auth.of("other.example/julia")).toEqual({
      username: "me",
      password: "logged-in",
      serveraddress: "other.example",
    });
    expect(await auth.of("third.example/julia")).toBeUndefined();
  });

  it("does not fall back where the configured password cannot be read", async () => {
    await expect(open({ file: "nowhere" }).of(`${HOST}/julia`)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});
