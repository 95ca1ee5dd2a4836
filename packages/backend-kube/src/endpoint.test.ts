import type { ServicePort } from "@juliarun/core";
import { afterEach, describe, expect, it } from "vitest";
import { findEndpoint, toProxyUrl } from "./endpoint.ts";
import { AnsweringApi, refusal, type ApiAnswer } from "./fixtures/answering-api.ts";
import { testGroup, testPlan, testRecord } from "./fixtures/record.ts";

const ports: ServicePort[] = [
  { name: "http", containerPort: 8080, servicePort: 80 },
  { name: "ws", containerPort: 8081, servicePort: 81 },
];
const groups = [testGroup({ container: { ports } })];
const record = testRecord(testPlan(groups));
const externalRecord = testRecord(testPlan(groups, { external: true }));

const apis: AnsweringApi[] = [];

afterEach(async () => Promise.all(apis.splice(0).map(async (api) => api.close())));

async function open(service?: object, nodes: ApiAnswer = nodeList([])): Promise<AnsweringApi> {
  const api = await AnsweringApi.open(({ path }) => {
    if (path === "/api/v1/nodes") return nodes;
    const name = /^\/api\/v1\/namespaces\/test\/services\/(hello|hello-01234567-ext)$/.exec(
      path,
    )?.[1];
    if (!service || name === undefined) return undefined;
    return { body: name === "hello" ? { spec: { type: "ClusterIP" } } : service };
  });
  apis.push(api);
  return api;
}

function nodeList(nodes: readonly (readonly { type: string; address: string }[])[]): ApiAnswer {
  const items = nodes.map((addresses) => ({ status: { addresses } }));
  return { body: { kind: "NodeList", apiVersion: "v1", metadata: {}, items } };
}

async function endpoint(service?: object, nodes?: ApiAnswer) {
  return findEndpoint((await open(service, nodes)).client, externalRecord);
}

const nodePorts = {
  spec: {
    type: "NodePort",
    ports: [
      { name: "http", port: 80, targetPort: 8080, nodePort: 30_080 },
      { name: "ws", port: 81, targetPort: 8081 },
    ],
  },
};

describe("findEndpoint", () => {
  it("is the job's name inside the cluster", async () => {
    const { client } = await open({});
    expect(await findEndpoint(client, record)).toEqual({
      hosts: ["hello.test.svc"],
      ports: { http: 80, ws: 81 },
    });
  });

  it("is a load balancer by name or address, once there is one", async () => {
    const spec = { type: "LoadBalancer" };
    const ingress = [{ hostname: "lb.test" }, { ip: "192.0.2.1" }];
    expect(await endpoint({ spec, status: { loadBalancer: { ingress } } })).toEqual({
      hosts: ["lb.test", "192.0.2.1"],
      ports: { http: 80, ws: 81 },
    });
    await expect(endpoint({ spec, status: { loadBalancer: {} } })).rejects.toMatchObject({
      code: "STATE_CONFLICT",
      message: "Job hello has no endpoint now: the cluster has given it no load balancer.",
    });
  });

  it("is the nodes' addresses from outside, with node ports that are there", async () => {
    const own = { type: "InternalIP", address: "10.0.0.1" };
    const external = { type: "ExternalIP", address: "192.0.2.7" };
    const other = { type: "InternalIP", address: "10.0.0.2" };
    expect(await endpoint(nodePorts, nodeList([[own, external], [other]]))).toEqual({
      hosts: ["192.0.2.7"],
      ports: { http: 30_080 },
    });
    expect((await endpoint(nodePorts, nodeList([[own], [other]]))).hosts).toEqual([
      "10.0.0.1",
      "10.0.0.2",
    ]);
  });

  it("says what to do where nodes may not be seen", async () => {
    const forbidden = refusal(403, "Forbidden", "nodes is forbidden");
    await expect(endpoint(nodePorts, forbidden)).rejects.toMatchObject({
      code: "FORBIDDEN",
      hint: "Ask for the right to list nodes, or use `externalsvc` LoadBalancer.",
    });
  });

  it("is none without a Service", async () => {
    await expect(endpoint()).rejects.toMatchObject({ code: "STATE_CONFLICT", retryable: true });
  });
});

describe("toProxyUrl", () => {
  it("goes through the API server, to the first port where none is named", async () => {
    const { client } = await open();
    const path = (port?: string): string => new URL(toProxyUrl(client, record, port)).pathname;
    expect(path()).toBe("/api/v1/namespaces/test/services/hello%3A80/proxy/");
    expect(path("ws")).toBe("/api/v1/namespaces/test/services/hello%3A81/proxy/");
  });

  it("names the ports that there are", async () => {
    const { client } = await open();
    expect(() => toProxyUrl(client, record, "https")).toThrow("Job hello has no port https.");
    const bare = testRecord(testPlan([testGroup()]));
    expect(() => toProxyUrl(client, bare)).toThrow("Job hello has no port");
  });
});
