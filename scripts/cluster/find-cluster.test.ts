import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Problem } from "../progress/problem.ts";
import { findCluster, parseState } from "./find-cluster.ts";

const file = fileURLToPath(import.meta.url);

test("a given cluster is used as it is, with images that it can pull", async () => {
  expect(await findCluster("none", { JRUN_TEST_KUBECONFIG: file })).toEqual({
    kubeconfig: file,
    hostFolder: undefined,
    images: {
      julia: "julia:1",
      busybox: "busybox:1.37",
      git: "alpine/git:latest",
      nginx: "nginx:1",
      rabbitmq: "rabbitmq:3-management",
    },
  });
});

test("the user says what a given cluster has", async () => {
  const env = {
    JRUN_TEST_KUBECONFIG: file,
    JRUN_JULIA_IMAGE: "registry.example/julia:1",
    JRUN_BUSYBOX_IMAGE: "registry.example/busybox:1",
    JRUN_GIT_IMAGE: "registry.example/git:1",
    JRUN_NGINX_IMAGE: "registry.example/nginx:1",
    JRUN_RABBITMQ_IMAGE: "registry.example/rabbitmq:1",
    JRUN_TEST_HOST_FOLDER: "/shared",
  };
  expect(await findCluster("none", env)).toEqual({
    kubeconfig: file,
    hostFolder: "/shared",
    images: {
      julia: "registry.example/julia:1",
      busybox: "registry.example/busybox:1",
      git: "registry.example/git:1",
      nginx: "registry.example/nginx:1",
      rabbitmq: "registry.example/rabbitmq:1",
    },
  });
});

test("a kubeconfig that is not there is a problem", async () => {
  const env = { JRUN_TEST_KUBECONFIG: `${file}.missing` };
  await expect(findCluster("none", env)).rejects.toBeInstanceOf(Problem);
});

test("a state of other scripts is none", () => {
  const state = {
    recipe: "1",
    hostFolder: "/host",
    images: { julia: "j", busybox: "b", git: "g" },
  };
  expect(parseState(JSON.stringify(state))).toEqual(state);
  expect(parseState('{"recipe":"1"}')).toBeUndefined();
});
