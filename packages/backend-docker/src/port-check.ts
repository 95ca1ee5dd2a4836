import { createServer } from "node:net";
import { ManagerError } from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { LABEL } from "./labels.ts";

/**
 * Refuses ports of this machine that something else has: a program, or a container that is not ours. Those of jobs are known from
 * their records. On an engine of another machine nothing is known before the start.
 * @throws ManagerError PORT_TAKEN.
 */
export async function refuseTakenPorts(
  client: DockerClient,
  ports: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  if (!client.local) return;
  for (const port of ports) {
    if (!(await isTaken(port))) continue;
    const containers = await client.call(
      `to look who has port ${port}`,
      async (docker) => docker.listContainers({ filters: { publish: [String(port)] } }),
      { signal },
    );
    if (containers.some(({ Labels }) => Labels[LABEL.managed] !== undefined)) continue;
    const [name] = containers.flatMap(({ Names }) => Names);
    const holder =
      name === undefined ? "a program of this machine" : `the container ${name.replace("/", "")}`;
    throw new ManagerError("PORT_TAKEN", `Port ${port} of the host is that of ${holder}.`, {
      details: { port },
    });
  }
}

/** Only what is certain: a port that this process may not use may be the engine's all the same. */
async function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
    server.listen({ port, host: "0.0.0.0", exclusive: true }, () =>
      server.close(() => resolve(false)),
    );
  });
}
