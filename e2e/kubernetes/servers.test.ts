import { describe, vi } from "vitest";
import { testMessageQueues } from "../jrun/queue-tests.ts";
import type { ServerBench } from "../jrun/server-bench.ts";
import { testWebServers } from "../jrun/web-server-tests.ts";
import { podsOf } from "./pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();

const bench: ServerBench<KubeWorkspace> = {
  create: async () =>
    KubeWorkspace.create({
      administrator: true,
      config: { externalsvc: "NodePort" },
      servers: true,
    }),
  reach: ["--external"],
  kill: async ({ client }, job, unit) => {
    const [role, index = "0"] = unit.split("-");
    const pods = await podsOf(client, job, role);
    const pod = pods.find(({ metadata }) => metadata.name.endsWith(`-${index}`));
    if (!pod) throw new Error(`no pod of ${job} ${unit}`);
    const { name, uid } = pod.metadata;
    await client.delete(client.path("pods", name), { graceSeconds: 0 });
    await vi.waitFor(async () => {
      const left = (await podsOf(client, job, role)).filter(({ metadata }) => metadata.uid === uid);
      if (left.length > 0) throw new Error(`pod ${name} is still there`);
    });
  },
};

describe.skipIf(reason !== undefined)("a web server on Kubernetes", () => {
  testWebServers(bench);
});

describe.skipIf(reason !== undefined)("a message queue on Kubernetes", () => {
  testMessageQueues(bench);
});
