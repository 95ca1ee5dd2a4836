import {
  mayOverlap,
  revisionOf,
  type JobRecord,
  type UnitAction,
  type UnitGroup,
} from "@juliarun/core";
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
  /** Other pods, of the record's revision; one more than wanted where a unit may have a second one for a moment. */
  | {
      readonly kind: "update";
      readonly controller: SlimController;
      readonly group: UnitGroup;
      readonly replicas: number;
      readonly surge: boolean;
    }
  /** The pods are replaced: no more than wanted from now on. */
  | { readonly kind: "settle"; readonly controller: SlimController; readonly replicas: number }
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
    if (controller && group.lifecycle === "service")
      return serviceChanges(record, group, replicas, controller, pods);
    if (controller) {
      const wait = controller.replicas === replicas || isShrinking(controller, replicas, pods);
      return wait ? [] : [{ kind: "scale", controller, replicas }];
    }
    const starts = actions.some(({ kind, unit }) => kind === "start" && unit.role === group.role);
    return starts && replicas > 0 ? [{ kind: "create", group, replicas }] : [];
  });
}

/**
 * Its controller replaces a service's pods one after another, each when the one before is ready; one more than wanted takes the place
 * of each of them, and goes when all are done.
 */
function serviceChanges(
  record: JobRecord,
  group: UnitGroup,
  replicas: number,
  controller: SlimController,
  pods: readonly SlimPod[],
): ControllerChange[] {
  if ((controller.revision ?? 0) < revisionOf(record)) {
    const surge = mayOverlap(group) && replicas > 0;
    return [
      { kind: "update", controller, group, replicas: surge ? replicas + 1 : replicas, surge },
    ];
  }
  if (controller.surge === true && isReplaced(controller, replicas, pods))
    return [{ kind: "settle", controller, replicas }];
  const wanted = controller.surge === true ? replicas + 1 : replicas;
  return controller.replicas === wanted ? [] : [{ kind: "scale", controller, replicas: wanted }];
}

function isReplaced(
  { role, revision }: SlimController,
  replicas: number,
  pods: readonly SlimPod[],
): boolean {
  const done = pods.filter(
    (pod) =>
      pod.role === role && pod.index < replicas && pod.ready === true && pod.revision === revision,
  );
  return done.length >= replicas;
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
