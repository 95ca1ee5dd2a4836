import type { ObservedUnit } from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";
import { setRestartPolicy } from "./restart-policy.ts";

/** Added to the grace time before the call itself is given up. */
const STOP_MARGIN_MS = 60_000;
const GONE_CHECK_MS = 50;
const GONE_CHECKS = 1200;

/** See `UnitEngine.stop`: an on-failure policy would start the container again after an engine restart. */
export async function stopUnit(
  client: DockerClient,
  { engineId }: ObservedUnit,
  graceSeconds: number,
  signal?: AbortSignal,
): Promise<void> {
  await unlessGone(setRestartPolicy(client, engineId, { Name: "no" }, signal));
  await unlessGone(
    client.call(
      "to stop a container",
      async (docker) => docker.getContainer(engineId).stop({ t: Math.ceil(graceSeconds) }),
      { signal, timeoutMs: graceSeconds * 1000 + STOP_MARGIN_MS },
    ),
  );
}

/** See `UnitEngine.remove`. Returns when the container is gone, also when somebody else is removing it. */
export async function removeUnit(
  client: DockerClient,
  { engineId }: ObservedUnit,
  signal?: AbortSignal,
): Promise<void> {
  for (let check = 1; ; check++) {
    try {
      await client.call(
        "to remove a container",
        async (docker) => docker.getContainer(engineId).remove({ v: true, force: true }),
        { signal },
      );
      return;
    } catch (error) {
      if (engineStatus(error) === 404) return;
      if (engineStatus(error) !== 409 || check === GONE_CHECKS) throw error;
      await new Promise((resolve) => setTimeout(resolve, GONE_CHECK_MS));
    }
  }
}

/** 304: it does not run; 404: it is gone; 409: it is being removed. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (![304, 404, 409].includes(engineStatus(error) ?? 0)) throw error;
  }
}
