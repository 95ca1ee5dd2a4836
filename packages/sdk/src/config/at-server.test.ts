import { toConfig } from "@juliarun/core";
import { expect, it } from "vitest";
import { atServer } from "./at-server.ts";

it("names another engine, or another API server", () => {
  const docker = toConfig({ compute: { docker: { context: "remote" } } });
  expect(atServer(docker, "tcp://other:2375").compute.docker).toEqual({ host: "tcp://other:2375" });
  const kubernetes = toConfig({ clustertype: "KuberCluster", compute: { uri: "https://one" } });
  expect(atServer(kubernetes, "https://two").compute.uri).toBe("https://two");
});
