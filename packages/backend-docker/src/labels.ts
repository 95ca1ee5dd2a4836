import { isService, revisionOf } from "@juliarun/core";
import type { JobPlan, JobRecord, JobSpec, UnitId } from "@juliarun/core";
import { isObject } from "./is-object.ts";
import { containerName, type ContainerIdentity } from "./names.ts";

/** Labels of every object that this backend makes. */
export const LABEL = {
  managed: "juliarun.managed",
  /** Whose records the job is in: several people may share an engine. */
  owner: "juliarun.owner",
  namespace: "juliarun.namespace",
  job: "juliarun.job",
  uid: "juliarun.uid",
  role: "juliarun.role",
  index: "juliarun.index",
  attempt: "juliarun.attempt",
  hash: "juliarun.hash",
  /** On units of services: number of the update that they are made from. */
  revision: "juliarun.revision",
  /** On the container that spreads connections over a service's units. */
  gateway: "juliarun.gateway",
  /** What a lost record is rebuilt from: see {@link LabelledRecord}. */
  spec: "juliarun.spec",
  /** On containers that never run: what they are made for. */
  helper: "juliarun.helper",
  /** On containers that copy files: the volume. */
  copy: "juliarun.copy",
  /** Hash of the runtime bundle, on its volumes. */
  runtime: "juliarun.runtime",
  /** On the volume that says that another one is complete: that one's name. */
  runtimeComplete: "juliarun.runtime-complete",
} as const;

/** The filter that finds our objects. */
export const MANAGED = `${LABEL.managed}=true`;

/** The part of a record that travels in a label: no contents of files and no secrets, which are inside the container. */
export interface LabelledRecord {
  readonly v: 1;
  readonly createdAt: number;
  readonly requestedWorkers: number;
  readonly revision?: number;
  readonly spec: JobSpec;
  readonly plan: JobPlan;
}

/** Labels of a unit's container: enough to find it, and to rebuild the record. The user's own labels come first, and never win. */
export function unitLabels(
  record: JobRecord,
  unit: UnitId,
  attempt: number,
  owner: string,
): Record<string, string> {
  return {
    ...record.plan.labels,
    [LABEL.managed]: "true",
    [LABEL.owner]: owner,
    [LABEL.namespace]: record.namespace,
    [LABEL.job]: record.name,
    [LABEL.uid]: record.uid,
    [LABEL.role]: unit.role,
    [LABEL.index]: String(unit.index),
    [LABEL.attempt]: String(attempt),
    [LABEL.hash]: record.hash,
    [LABEL.spec]: JSON.stringify(toLabelledRecord(record)),
    ...(isService(record.plan) ? { [LABEL.revision]: String(revisionOf(record)) } : {}),
  };
}

/** Labels of a service's gateway, which is no unit. */
export function gatewayLabels(record: JobRecord, owner: string): Record<string, string> {
  return { ...unitVolumeLabels(record, owner), [LABEL.gateway]: "true" };
}

/** Labels of the scratch volumes of a unit. */
export function unitVolumeLabels(record: JobRecord, owner: string): Record<string, string> {
  return {
    [LABEL.managed]: "true",
    [LABEL.owner]: owner,
    [LABEL.namespace]: record.namespace,
    [LABEL.job]: record.name,
    [LABEL.uid]: record.uid,
  };
}

/** Labels of a namespace's network. */
export function networkLabels(namespace: string, owner: string): Record<string, string> {
  return { [LABEL.managed]: "true", [LABEL.owner]: owner, [LABEL.namespace]: namespace };
}

/** The inverse of the label's text; undefined for anything else. */
export function parseLabelledRecord(text: string | undefined): LabelledRecord | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isObject(value) && value["v"] === 1 ? (value as unknown as LabelledRecord) : undefined;
  } catch {
    return undefined;
  }
}

function toLabelledRecord(record: JobRecord): LabelledRecord {
  const groups = record.plan.groups.map((group) => ({
    ...group,
    container: { ...group.container, files: withoutContents(group.container.files) },
  }));
  return {
    v: 1,
    createdAt: record.createdAt,
    requestedWorkers: record.requestedWorkers,
    ...(record.revision === undefined ? {} : { revision: record.revision }),
    spec: { ...record.spec, files: withoutContents(record.spec.files) },
    plan: { ...record.plan, groups },
  };
}

function withoutContents(files: JobSpec["files"]): JobSpec["files"] {
  return files.map(({ name }) => ({ name, contentBase64: "" }));
}

/**
 * Who a container is, by its labels; undefined unless it was made by this backend: every label is there and its
 * name is the one that follows from them.
 */
export function identify(
  labels: Readonly<Record<string, string>>,
  name: string | undefined,
): ContainerIdentity | undefined {
  const [namespace, job, uid] = [labels[LABEL.namespace], labels[LABEL.job], labels[LABEL.uid]];
  const role = labels[LABEL.role];
  const [index, attempt] = [toCount(labels[LABEL.index]), toCount(labels[LABEL.attempt])];
  if (labels[LABEL.managed] !== "true" || !namespace || !job || !uid) return undefined;
  if ((role !== "master" && role !== "worker") || index === undefined || attempt === undefined) {
    return undefined;
  }
  if (!labels[LABEL.owner] || !labels[LABEL.hash] || !labels[LABEL.spec]) return undefined;
  const identity = { namespace, job, uid, role, index, attempt } as const;
  return name === containerName(identity) ? identity : undefined;
}

function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined;
}
