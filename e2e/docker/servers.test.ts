import { userInfo } from "node:os";
import { describe, inject } from "vitest";
import { testMessageQueues } from "../jrun/queue-tests.ts";
import type { ServerBench } from "../jrun/server-bench.ts";
import { testWebServers } from "../jrun/web-server-tests.ts";
import { Workspace } from "../jrun/workspace.ts";

const bench: ServerBench<Workspace> = {
  create: async () => {
    const { busybox, haproxy, nginx, rabbitmq } = inject("docker").images;
    const { uid, gid } = userInfo();
    // As root, a queue server uses the rights that a job gives it; else its data must be this user's, who removes them.
    const own = uid === 0 ? {} : { user: `${uid}:${gid}` };
    return Workspace.create({
      config: {
        images: {
          sh: { image: busybox, executable: "sh" },
          haproxy: { image: haproxy, executable: "haproxy" },
          nginx: { image: nginx, executable: "nginx" },
          rabbitmq: { image: rabbitmq, executable: "rabbitmq-server", ...own },
        },
      },
    });
  },
  reach: [],
  kill: async (workspace, job, unit) => {
    const container = await workspace.container(job, unit);
    await container.kill();
  },
};

describe.skipIf(!inject("docker").available)("a web server on Docker", () => {
  testWebServers(bench);
});

describe.skipIf(!inject("docker").available)("a message queue on Docker", () => {
  testMessageQueues(bench);
});
