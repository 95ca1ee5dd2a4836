import { createHash } from "node:crypto";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveDockerHost } from "./docker-host.ts";

let config: string;

beforeAll(() => {
  config = mkdtempSync(join(tmpdir(), "jrun-docker-config-"));
  const id = createHash("sha256").update("lab").digest("hex");
  const meta = join(config, "contexts", "meta", id);
  const tls = join(config, "contexts", "tls", id, "docker");
  for (const folder of [meta, tls]) mkdirSync(folder, { recursive: true });
  const endpoint = { Host: "tcp://lab:2376", SkipTLSVerify: false };
  const content = { Name: "lab", Endpoints: { docker: endpoint } };
  writeFileSync(join(meta, "meta.json"), JSON.stringify(content));
  for (const name of ["ca", "cert", "key"]) writeFileSync(join(tls, `${name}.pem`), name);
});

afterAll(() => rmSync(config, { recursive: true }));

const address = (
  env: Record<string, string> = {},
  options: { host?: string; context?: string } = {},
): string => resolveDockerHost({ ...options, env: { DOCKER_CONFIG: config, ...env } }).address;

const resolve = (host: string): unknown => resolveDockerHost({ host, env: {} });

describe("resolveDockerHost", () => {
  it("prefers host, then context, then DOCKER_HOST, then DOCKER_CONTEXT", () => {
    const env = { DOCKER_HOST: "unix:///run/other.sock", DOCKER_CONTEXT: "lab" };
    expect(address(env, { host: "tcp://a:1", context: "lab" })).toBe("tcp://a:1");
    expect(address(env, { context: "lab" })).toBe("tcp://lab:2376");
    expect(address(env)).toBe("unix:///run/other.sock");
    expect(address({ DOCKER_CONTEXT: "lab" })).toBe("tcp://lab:2376");
    expect(address()).toMatch(/^unix:\/\/.*docker\.sock$/);
  });

  it("uses the current context of the docker command", () => {
    const path = join(config, "config.json");
    writeFileSync(path, JSON.stringify({ currentContext: "lab" }));
    expect(address()).toBe("tcp://lab:2376");
    rmSync(path);
  });

  it("reads the certificates of a context", () => {
    const host = resolveDockerHost({ context: "lab", env: { DOCKER_CONFIG: config } });
    expect(host).toMatchObject({
      protocol: "https",
      hostname: "lab",
      port: 2376,
      tls: { ca: "ca", cert: "cert", key: "key", verify: true },
    });
  });

  it("understands every form of an address, and shows no credentials", () => {
    expect(resolve("/x/docker.sock")).toMatchObject({
      protocol: "unix",
      socketPath: "/x/docker.sock",
    });
    expect(resolve("myhost:2375")).toMatchObject({
      protocol: "http",
      hostname: "myhost",
      port: 2375,
    });
    expect(resolve("ssh://me@far")).toMatchObject({
      protocol: "ssh",
      username: "me",
      port: 22,
      address: "ssh://far:22",
    });
    expect(resolve("tcp://me:hunter2@far:2375")).toMatchObject({ address: "tcp://far:2375" });
  });

  it.each(["ftp://x", "tcp://", "unix://"])("refuses %s", (host) => {
    expect(() => resolveDockerHost({ host, env: {} })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });

  it("names a context that does not exist", () => {
    expect(() => address({}, { context: "none" })).toThrow("no docker context `none`");
  });
});
