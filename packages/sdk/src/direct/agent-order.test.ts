import { resolve } from "node:path";
import { printConfig, toConfig } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { readOrder, writeOrder } from "./agent-order.ts";
import { dockerTarget, type KubeTarget } from "./agent-target.ts";

const config = toConfig({
  clustertype: "Kubernetes",
  compute: {
    uri: "https://kubernetes:6443",
    auth: {
      type: "token",
      token: { env: "MY_TOKEN" },
      "certificate-authority-data": "aW5saW5l",
      "client-key-data": { file: "key.pem" },
    },
    capacity: { cpu: "2", memory: "1Gi" },
  },
});
const target: KubeTarget = {
  kind: "kubernetes",
  stateDir: "/state",
  namespace: "team",
  config,
  baseDir: "/project",
};

describe("an agent's order", () => {
  it("brings a configuration over with its secrets, and with the variables that hold some", () => {
    const env = { MY_TOKEN: "abc", OTHER: "no", KUBECONFIG: "own" };
    const order = readOrder(writeOrder(target, env));
    expect(order.variables).toEqual({ MY_TOKEN: "abc", KUBECONFIG: resolve("own") });
    expect(order.target).toMatchObject({ namespace: "team", baseDir: "/project" });
    if (order.target.kind !== "kubernetes") throw new Error("another kind of target");
    const { auth } = order.target.config.compute;
    expect(auth["certificate-authority-data"]).toEqual(
      config.compute.auth["certificate-authority-data"],
    );
    expect(JSON.stringify(auth)).not.toContain("aW5saW5l");
    expect(writeOrder(order.target, {})).toContain("aW5saW5l");
    expect(auth.token).toEqual({ env: "MY_TOKEN" });
    expect(auth["client-key-data"]).toEqual({ file: "key.pem" });
    expect(printConfig(order.target.config)).toBe(printConfig(config));
  });

  it("names an engine", () => {
    const docker = dockerTarget(config, "/state", "/project");
    expect(readOrder(writeOrder(docker, { MY_TOKEN: "abc" }))).toEqual({
      target: docker,
      variables: {},
    });
  });

  it("names where the passwords of registries are", () => {
    const registries = {
      "a.example": { username: "a", password: { file: "a" } },
      "b.example": { username: "b", password: { env: "B_PASSWORD" } },
    };
    const env = { B_PASSWORD: "secret", OTHER: "no" };
    const docker = dockerTarget(toConfig({ registries }), "/state", "/project");
    expect(readOrder(writeOrder(docker, env))).toMatchObject({
      target: { registries: { "a.example": { password: { file: "/project/a" } } } },
      variables: { B_PASSWORD: "secret" },
    });
    const kube: KubeTarget = { ...target, config: toConfig({ registries }) };
    expect(readOrder(writeOrder(kube, env)).variables).toEqual({ B_PASSWORD: "secret" });
  });

  it("names where the tokens of repositories are, for an engine: pods take theirs from the cluster", () => {
    const repository = "https://example.org/code";
    const gitrepo = [
      { name: "a", repository, credential: { env: "GIT_TOKEN" } },
      { name: "b", repository, credential: { file: "token" } },
      { name: "c", repository, credential: "secret" },
      { name: "d", repository },
    ];
    const env = { GIT_TOKEN: "abc", OTHER: "no" };
    const docker = dockerTarget(toConfig({ storage: { gitrepo } }), "/state", "/project");
    expect(readOrder(writeOrder(docker, env)).variables).toEqual({ GIT_TOKEN: "abc" });
  });

  it("is refused without its text being shown, where the starter died", () => {
    const text = writeOrder(target, { MY_TOKEN: "abc" });
    for (const part of ["", text.slice(0, -10)]) {
      expect(() => readOrder(part)).toThrow(/^The agent's starter did not say what to do$/);
    }
  });
});
