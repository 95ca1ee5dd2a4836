import type { V1ContainerStatus, V1PodStatus } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { asServed, type Served } from "./fixtures/as-served.ts";
import { waitingOf, type Waiting } from "./pod-waiting.ts";

const IMAGE = "registry.test/missing:1";

/** A container that waits for that reason. */
function container(reason: string, message?: string, name = "unit"): Served<V1ContainerStatus> {
  const state = { waiting: { reason, ...(message === undefined ? {} : { message }) } };
  return { name, image: IMAGE, imageID: "", ready: false, restartCount: 0, state };
}

function waiting(status: Served<V1PodStatus>, nodeName?: string): Waiting | undefined {
  const spec = { containers: [], ...(nodeName === undefined ? {} : { nodeName }) };
  return waitingOf(asServed<V1PodStatus>({ phase: "Pending", ...status }), spec);
}

const of = (reason: string, message?: string) =>
  waiting({ containerStatuses: [container(reason, message)] });

describe("waitingOf", () => {
  it("tells why the scheduler finds no node", () => {
    const message =
      "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
    const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable" };
    expect(waiting({ conditions: [{ ...condition, message }] })).toEqual({
      reason: "WaitingForResources",
      message: `No node has room: ${message}`,
    });
    expect(waiting({ conditions: [condition] })?.message).toBe("No node has room: Unschedulable.");
  });

  it("says on which node a pod is being started", () => {
    const conditions = [{ type: "PodScheduled", status: "True" }];
    const containerStatuses = [container("ContainerCreating")];
    expect(waiting({ conditions, containerStatuses }, "node-1")).toEqual({
      reason: "Starting",
      message: "Is being started on node node-1.",
    });
    expect(waiting({})?.message).toBe("Is being started.");
    expect(waitingOf(undefined)?.reason).toBe("Starting");
  });

  it.each(["ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable"])(
    "waits for an image that cannot be pulled: %s",
    (reason) => {
      expect(of(reason, 'Back-off pulling image "x":\n  not found')).toEqual({
        reason: "ImageNotFound",
        message: `Image ${IMAGE} cannot be pulled: Back-off pulling image "x": not found.`,
      });
    },
  );

  it("says with whose credentials a registry was asked", () => {
    const words = { "registry.test": "as user ci", "ghcr.io": "with the Secret ghcr" };
    const annotations = { "juliarun/pull-access": JSON.stringify(words) };
    const containerStatuses = [container("ErrImagePull", "401 Unauthorized")];
    const message = (noted: Record<string, string>): string | undefined =>
      waitingOf(asServed<V1PodStatus>({ containerStatuses }), { containers: [] }, noted)?.message;
    expect(message(annotations)).toBe(
      `Image ${IMAGE} cannot be pulled from registry.test as user ci: 401 Unauthorized.`,
    );
    for (const damaged of ["{", "[]", "null", '{"registry.test":1}'])
      expect(message({ "juliarun/pull-access": damaged })).toContain("cannot be pulled: 401");
  });

  it.each(["InvalidImageName", "ErrImageNeverPull"])("knows that %s stays", (reason) => {
    expect(of(reason)).toEqual({
      reason: "ImageNotFound",
      message: `Image ${IMAGE} cannot be pulled: ${reason}.`,
      hopeless: true,
    });
  });

  it.each(["CreateContainerConfigError", "CreateContainerError", "RunContainerError"])(
    "names a container that cannot be made: %s",
    (reason) => {
      const message =
        'container has runAsNonRoot and image will run as root (pod: "a", container: unit).';
      expect(of(reason, message)).toEqual({
        reason: "StartFailed",
        message: `Container unit cannot be made: ${message}`,
      });
    },
  );

  it("names the container before the unit's that keeps it waiting", () => {
    const initContainerStatuses = [container("CreateContainerConfigError", "no git", "clone")];
    const containerStatuses = [container("PodInitializing")];
    expect(waiting({ initContainerStatuses, containerStatuses })?.message).toBe(
      "Container clone cannot be made: no git.",
    );
  });

  describe("of a container before the unit's that failed", () => {
    const REPOSITORY = "https://example.org/$(team)/code.git";
    const clone = {
      name: "clone",
      env: [{ name: "GIT_URL", value: "https://example.org/$$(team)/code.git" }],
    };
    const terminated = { exitCode: 128, message: "fatal: repository\n not found\n" };

    function failed(
      states: Pick<Served<V1ContainerStatus>, "state" | "lastState">,
      init: { name: string } = clone,
    ): Waiting | undefined {
      const status = { ...container("", undefined, "clone"), ...states };
      const containerStatuses = [container("PodInitializing")];
      return waitingOf(
        asServed<V1PodStatus>({ initContainerStatuses: [status], containerStatuses }),
        { containers: [], initContainers: [init] },
      );
    }

    it("names the repository, in git's words", () => {
      const message = `Repository ${REPOSITORY} cannot be cloned: fatal: repository not found.`;
      expect(failed({ state: { terminated } })).toEqual({ reason: "VolumeUnavailable", message });
      const state = { waiting: { reason: "CrashLoopBackOff" } };
      expect(failed({ state, lastState: { terminated } })?.message).toBe(message);
    });

    it("names another container", () => {
      const state = { terminated: { exitCode: 3 } };
      expect(failed({ state }, { name: "clone" })?.message).toBe(
        "Container clone, which the unit waits for, failed: exit code 3.",
      );
    });

    it("has nothing to say while it is tried again, and when it ended well", () => {
      const again = { state: { running: {} }, lastState: { terminated } };
      for (const states of [again, { state: { terminated: { exitCode: 0 } } }])
        expect(failed(states)?.reason).toBe("Starting");
    });
  });
});
