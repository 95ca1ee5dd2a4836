import type { Endpoint } from "@juliarun/core";
import { describe, expect, test, vi } from "vitest";
import { runningPods } from "./pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();

const EXIT_CONFLICT = 4;
const EXIT_UNSUPPORTED = 7;
const PATIENCE = { timeout: 30_000, interval: 250 };

/** What of a Service matters here. */
interface TestService {
  readonly spec: { readonly type: string; readonly ports: readonly { readonly port: number }[] };
}

/** Serves one file at port 8080 until it is stopped. */
const SERVE = `mkdir /tmp/www
echo '{ "greeting": "hello" }' >/tmp/www/index.json
httpd -f -p 8080 -h /tmp/www &
trap 'kill $!' TERM
wait
`;

async function serve(workspace: KubeWorkspace, ...flags: readonly string[]): Promise<void> {
  const ports = ["--ports", "http:8080:80", ...flags];
  await workspace.submit("web", SERVE, "--cpu", "20m", ...ports);
  await runningPods(workspace.client, "web");
}

async function endpoint(workspace: KubeWorkspace): Promise<Endpoint> {
  return JSON.parse(await workspace.jrun("endpoint", "web", "-o", "json")) as Endpoint;
}

describe.skipIf(reason !== undefined)("ports on Kubernetes", () => {
  test("are at the job's name, for other jobs, and behind the API server", async () => {
    await using workspace = await KubeWorkspace.create();
    await serve(workspace);
    const host = `web.${workspace.namespace}.svc`;
    expect(await endpoint(workspace)).toEqual({ hosts: [host], ports: { http: 80 } });
    expect(await workspace.jrun("endpoint", "web")).toMatch(new RegExp(`^http +${host}:80$`, "m"));

    const urls = [`${host}:80`, "web", "web:8080"].map((at) => `http://${at}/index.json`);
    const fetches = urls.map((url) => `until wget -q -O - ${url}; do sleep 0.2; done`);
    await workspace.submit("client", fetches.join("\n"), "--cpu", "20m");
    expect(await workspace.jrun("wait", "client")).toContain("client succeeded");
    expect(await workspace.jrun("logs", "client")).toBe('{ "greeting": "hello" }\n'.repeat(3));

    for (const flags of [["--proxy"], ["--proxy", "http"]]) {
      const url = (await workspace.jrun("endpoint", "web", ...flags)).trim();
      const { origin, pathname } = new URL(url);
      expect(origin).toBe(new URL(workspace.client.address).origin);
      expect(await workspace.client.get(`${pathname}index.json`)).toEqual({ greeting: "hello" });
    }
    const other = await workspace.run("endpoint", "web", "--proxy", "https");
    expect(other.stderr).toContain("Job web has no port https.");
  });

  test("of an external job are at the nodes' ports", async () => {
    const config = { externalsvc: "NodePort" };
    await using workspace = await KubeWorkspace.create({ administrator: true, config });
    await serve(workspace, "--external");
    const { hosts, ports } = await endpoint(workspace);
    const [host] = hosts;
    expect(Object.keys(ports)).toEqual(["http"]);
    await vi.waitFor(async () => {
      const response = await fetch(`http://${host}:${ports["http"]}/index.json`);
      expect(await response.json()).toEqual({ greeting: "hello" });
    }, PATIENCE);
    expect((await workspace.objects()).filter((name) => name.startsWith("services/"))).toEqual([
      "services/web",
      expect.stringMatching(/^services\/web-[0-9a-f]{8}-ext$/),
    ]);
    await workspace.jrun("delete", "web", "--force");
    expect(await workspace.objects()).toEqual([]);
  });

  test("of a master are outside without the one that is its workers'", async () => {
    const config = { externalsvc: "NodePort" };
    await using workspace = await KubeWorkspace.create({ config });
    const script = await workspace.file("team.jl", "");
    const line = ["submit", "JuliaParBatch", "team", script, "juliarun", "--nworkers", "1"];
    const sizes = ["--cpu", "20m", "--memory", "64Mi"];
    await workspace.jrun(...line, ...sizes, "--ports", "http:8080:80", "--external");
    const { client } = workspace;
    const { items } = await client.get<{ items: TestService[] }>(client.path("services"));
    const found = items.map(({ spec: { type, ports } }) => [type, ports.map(({ port }) => port)]);
    expect(Object.fromEntries(found)).toEqual({ ClusterIP: [80, 9009, 8080], NodePort: [80] });
  });

  test("say so where the cluster has no load balancers, and where there are none", async () => {
    await using workspace = await KubeWorkspace.create();
    await serve(workspace, "--external");
    expect(await workspace.run("endpoint", "web")).toMatchObject({
      exitCode: EXIT_CONFLICT,
      stderr: expect.stringContaining(
        "Job web has no endpoint now: the cluster has given it no load balancer.",
      ),
    });
    await workspace.submit("closed", "sleep 600", "--cpu", "20m");
    expect(await workspace.run("endpoint", "closed")).toMatchObject({
      exitCode: EXIT_UNSUPPORTED,
      stderr: expect.stringContaining("Job closed has no ports."),
    });
  });
});
