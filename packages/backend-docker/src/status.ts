import type { ObservedUnit } from "@juliarun/core";
import type Dockerode from "dockerode";
import { identify, LABEL } from "./labels.ts";
import type { ContainerIdentity } from "./names.ts";
import { isHealthy } from "./readiness.ts";

/** A container of ours in the engine's list. */
export interface ListedUnit {
  readonly identity: ContainerIdentity;
  readonly unit: ObservedUnit;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** Reads one entry of the engine's list; undefined for containers that are not ours. Pure. */
export function fromListed(
  container: Pick<
    Dockerode.ContainerInfo,
    "Id" | "Names" | "Labels" | "State" | "Created" | "Status"
  >,
): ListedUnit | undefined {
  const names = container.Names.map((name) => name.replace(/^\//, ""));
  // Links give a container more names; its own has no further slash.
  const identity = identify(
    container.Labels,
    names.find((name) => !name.includes("/")),
  );
  if (!identity) return undefined;
  const { uid, role, index, attempt } = identity;
  const state = toState(container.State);
  const revision = container.Labels[LABEL.revision];
  const unit = {
    jobUid: uid,
    role,
    index,
    attempt,
    engineId: container.Id,
    state,
    ...(revision === undefined
      ? {}
      : { revision: Number(revision), ready: isHealthy(container.Status) }),
  };
  return { identity, unit, createdAt: container.Created };
}

/** Adds what only a look at the single container tells. Pure. */
export function withDetails(
  unit: ObservedUnit,
  inspected: Pick<Dockerode.ContainerInspectInfo, "State" | "RestartCount">,
): ObservedUnit {
  const { State, RestartCount } = inspected;
  const startedAt = toTime(State.StartedAt);
  // One that is being removed before it ever ran has not ended, and its exit code 0 is no success.
  const ended = toState(State.Status) === "exited";
  const state = ended && startedAt === undefined ? "created" : toState(State.Status);
  const seen: ObservedUnit = {
    ...unit,
    state,
    restarts: RestartCount,
    ...(startedAt === undefined ? {} : { startedAt }),
  };
  if (state === "running") return seen;
  if (state === "created") return State.Error === "" ? seen : withError(seen, State.Error);
  const finishedAt = toTime(State.FinishedAt);
  return {
    ...seen,
    exitCode: State.ExitCode,
    // With cgroups of version 1 the flag also stands when only a child process was killed.
    outOfMemory: State.OOMKilled && State.ExitCode !== 0,
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

/** The kernel's words for a port that some program of the machine has; the engine gives no code for it. */
const ADDRESS_IN_USE = /address already in use/;

function withError(unit: ObservedUnit, error: string): ObservedUnit {
  return ADDRESS_IN_USE.test(error)
    ? { ...unit, error, errorReason: "PortTaken" }
    : { ...unit, error };
}

function toState(state: string): ObservedUnit["state"] {
  switch (state) {
    case "created":
      return "created";
    case "running":
    case "paused":
      return "running";
    case "restarting":
      return "restarting";
    default:
      // exited; dead and removing are on their way out.
      return "exited";
  }
}

/** The engine writes a time that never was as the year 1. */
export function toTime(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) || time <= 0 ? undefined : time;
}
