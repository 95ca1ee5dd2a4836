import { ManagerError, type VolumeAccess } from "@juliarun/core";
import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import { isObject } from "./is-object.ts";
import { readJsonLines } from "./json-lines.ts";

/** A pod that has not started by then does not start, but for a person's help. */
const START_LIMIT_MS = 90_000;
const NO_IMAGE = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName"]);

/**
 * Waits until the only pod of a selector runs.
 * @returns its name.
 * @throws ManagerError IMAGE_NOT_FOUND, VOLUME_NOT_FOUND, TIMED_OUT with what the cluster says.
 */
export async function awaitPod(
  client: KubeClient,
  labelSelector: string,
  { volume, onProgress }: Pick<VolumeAccess, "volume" | "onProgress">,
  signal?: AbortSignal,
): Promise<string> {
  const late = AbortSignal.timeout(START_LIMIT_MS);
  const stop = signal ? AbortSignal.any([signal, late]) : late;
  let last: V1Pod | undefined;
  onProgress?.({ subject: `volume ${volume}`, activity: "opening" });
  try {
    for (;;) {
      // A watch without a version begins with what is there.
      const changes = await client.stream(
        client.path("pods"),
        { watch: true, labelSelector, timeoutSeconds: 60 },
        stop,
      );
      for await (const event of readJsonLines(changes)) {
        if (!isObject(event) || event["type"] === "ERROR") break;
        last = event["object"] as V1Pod;
        const name = whenRunning(last);
        if (name !== undefined) return name;
      }
      stop.throwIfAborted();
    }
  } catch (error) {
    if (signal?.aborted)
      throw new ManagerError("CANCELLED", "The copy was cancelled.", { cause: error });
    if (!late.aborted) throw error;
    throw await notStarted(client, volume, last);
  }
}

/** Undefined: not yet. */
function whenRunning({ metadata, status }: V1Pod): string | undefined {
  const container = status?.containerStatuses?.[0];
  if (container?.state?.running) return metadata?.name;
  const waiting = container?.state?.waiting;
  if (waiting?.reason !== undefined && NO_IMAGE.has(waiting.reason)) {
    throw new ManagerError(
      "IMAGE_NOT_FOUND",
      `Image ${container?.image ?? ""} cannot be pulled: ${waiting.message ?? waiting.reason}`,
    );
  }
  const ended = container?.state?.terminated;
  if (!ended && status?.phase !== "Failed") return undefined;
  throw new ManagerError(
    "COPY_FAILED",
    `The pod of a copy ended at once: ${ended?.message ?? ended?.reason ?? status?.message ?? "no reason is known"}`,
    { hint: "The image of a copy needs a shell, tar and sleep." },
  );
}

async function notStarted(
  client: KubeClient,
  volume: string,
  pod: V1Pod | undefined,
): Promise<ManagerError> {
  const name = pod?.metadata?.name ?? "";
  const query = { fieldSelector: `involvedObject.name=${name}` };
  const { items } = await client
    .get<{ items: CoreV1Event[] }>(client.path("events"), { query })
    .catch(() => ({ items: [] }));
  const event = items.findLast(({ type }) => type === "Warning");
  const scheduled = pod?.status?.conditions?.find(({ type }) => type === "PodScheduled");
  const why = event?.message ?? scheduled?.message ?? "the cluster gives no reason";
  return event?.reason === "FailedMount"
    ? new ManagerError("VOLUME_NOT_FOUND", `Volume ${volume} cannot be mounted: ${why}`)
    : new ManagerError(
        "TIMED_OUT",
        `The pod that opens volume ${volume} did not start within ${START_LIMIT_MS / 1000} s: ${why}`,
      );
}
