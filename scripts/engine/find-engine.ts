import { DockerClient, resolveDockerHost } from "@juliarun/backend-docker";
import { isManagerError } from "@juliarun/core";
import type Docker from "dockerode";

/** A Docker Engine that answered. */
export interface Engine {
  readonly docker: Docker;
  readonly address: string;
  readonly version: string;
}

/** Why none answered, and whether the user has chosen the one that was asked. */
export interface NoEngine {
  readonly reason: string;
  readonly chosen: boolean;
}

const answerTimeoutMs = 5000;
// What resolveDockerHost() falls back to where nothing is set and no socket is there.
const defaultAddress = "unix:///var/run/docker.sock";

/** The Docker Engine that `jrun` and the docker command would use here. */
export async function findEngine(): Promise<Engine | NoEngine> {
  let chosen = true;
  try {
    const host = resolveDockerHost({ env: process.env });
    chosen = host.address !== defaultAddress;
    const client = new DockerClient(host);
    const answer = await client.call("to say its version", (docker) => docker.version(), {
      timeoutMs: answerTimeoutMs,
    });
    return { docker: client.docker, address: client.address, version: answer.Version };
  } catch (error) {
    if (!isManagerError(error)) throw error;
    return { reason: error.message, chosen };
  }
}
