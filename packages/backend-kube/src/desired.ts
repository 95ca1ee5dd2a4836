import type { JobRecord, UnitAction, UnitGroup } from "@juliarun/core";
import type { SlimController } from "./slim-controller.ts";
import type { SlimPod } from "./slim-pod.ts";

/** What is to be done to the controllers of a job. */
export type ControllerChange =
  | { readonly kind: "create"; readonly group: UnitGroup; readonly replicas: number }
  | {
      readonly kind: "scale";
      readonly controller: SlimController;
      readonly replicas: number;
    }
  | { readonly kind: "end"; readonly controller: SlimController };

/**
 * What makes the controllers that are there follow the record. A group is made when an action starts a unit of it: until then its
 * units wait. Without an outcome or a delete mark only, see `stopChanges()`. Pure.
 */
export function groupChanges(
  record: JobRecord,
  actions: readonly UnitAction[],
  controllers: readonly SlimController[],
  pods: readonly SlimPod[],
): ControllerChange[] {
  return record.plan.groups.flatMap((group): ControllerChange[] => {
    const replicas = group.role === "worker" ? record.requestedWorkers : group.replicas;
    const controller = controllers.find(({ role, deleting }) => role === group.role && !deleting);
    if (controller) {
      const wait = controller.replicas === replicas || isShrinking(controller, replicas, pods);
      return wait ? [] : [{ kind: "scale", controller, replicas }];
    }
    const starts = actions.some(({ kind, unit }) => kind === "start" && unit.role === group.role);
    return starts && replicas > 0 ? [{ kind: "create", group, replicas }] : [];
  });
}

/**
 * A Job ignores how the pods end that it removes, unless their indexes are wanted again by then: so it grows only when they
 * are gone.
 */
function isShrinking(
  { kind, role, completions }: SlimController,
  replicas: number,
  pods: readonly SlimPod[],
): boolean {
  return (
    kind === "Job" &&
    replicas > completions &&
    pods.some((pod) => pod.role === role && pod.deleting && pod.index >= completions)
  );
}

/**
 * What ends the units that these actions stop, of a job that has an outcome. A controller whose units have ended is left alone: its
 * Job may not have seen that yet, and would lose their pods, with their logs. Pure.
 */
export function stopChanges(
  actions: readonly UnitAction[],
  controllers: readonly SlimController[],
): ControllerChange[] {
  return controllers
    .filter(({ deleting, finished, ending }) => !deleting && !finished && !ending)
    .filter(({ role }) => actions.some(({ unit }) => unit.role === role))
    .flatMap((controller): ControllerChange[] => {
      if (controller.kind === "Job") return [{ kind: "end", controller }];
      return controller.replicas > 0 ? [{ kind: "scale", controller, replicas: 0 }] : [];
    });
}
