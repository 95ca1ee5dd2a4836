import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { DockerClient } from "./client.ts";
import { DockerEngine } from "./docker-engine.ts";
import { resolveDockerHost } from "./docker-host.ts";
import { EngineSite } from "./fixtures/engine-site.ts";
import { SocketProxy } from "./fixtures/socket-proxy.ts";
import { LABEL } from "./labels.ts";

let site: EngineSite;

beforeAll(async () => {
  site = await EngineSite.open();
});

afterAll(async () => site.close(), 60_000);

async function* endless(ended: AbortSignal): AsyncGenerator<Uint8Array> {
  const block = Buffer.alloc(64 * 1024);
  for (; !ended.aborted; await nextTurn()) yield block;
}

describe("a program beside a volume", () => {
  it("whose connection breaks is an error, never an end; its container can be closed afterwards", async () => {
    const proxy = await SocketProxy.open(join(site.folder, "docker.sock"), "/var/run/docker.sock");
    const client = new DockerClient(resolveDockerHost({ host: `unix://${proxy.path}`, env: {} }));
    const { runtime, owner } = site;
    const engine = new DockerEngine({ client, owner: () => owner, env: {}, runtime });
    const shell = await engine.openVolume(site.namespace, {
      volume: "data",
      source: { kind: "hostpath", path: site.folder, readOnly: false },
      writable: false,
      command: ["sleep", "300"],
      images: [{ image: inject("docker").images.busybox }],
    });
    const ended = new AbortController();
    const command = ["sh", "-c", "echo begun; cat >/dev/null; echo complete"];
    const run = await shell.run(command, endless(ended.signal));
    const output = run.output[Symbol.asyncIterator]();
    expect(String((await output.next()).value)).toBe("begun\n");
    await proxy.disconnect();
    const broken = { code: "BACKEND_UNREACHABLE", message: expect.stringContaining("broke") };
    await expect(output.next()).rejects.toMatchObject(broken);
    await expect(run.ended).rejects.toMatchObject(broken);
    ended.abort();
    await proxy.reconnect();
    await shell.close();
    const label = [`${LABEL.owner}=${owner}`, LABEL.copy];
    expect(await client.docker.listContainers({ all: true, filters: { label } })).toEqual([]);
    await engine.close();
    await proxy.close();
  });
});
