import { ManagerError, type JobRecord, type NewJobRecord, type PlacedFile } from "@juliarun/core";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { isObject } from "./is-object.ts";
import { ANNOTATION, COMPONENT, LABEL, MANAGER } from "./manifests/labels.ts";
import { recordName } from "./manifests/names.ts";

/** How a record is written; one that is written otherwise was made by another version and is left alone. */
const FORMAT = "1";

/** Kubernetes' limit for all data of a ConfigMap together, in bytes. */
const MAX_BYTES = 2 ** 20;

/**
 * The ConfigMap that claims a job's name: `data.record` is the record without its version, secrets and files' contents; the
 * content of the file at index i of the spec is `binaryData["file-<i>"]`. Pure.
 * @throws ManagerError SPEC_INVALID when it is larger than Kubernetes allows.
 */
export function toConfigMap(record: NewJobRecord): V1ConfigMap {
  const { name, namespace, uid, spec, plan } = record;
  const text = toRecordText(record);
  const files = spec.files.map(({ contentBase64 }) => contentBase64);
  refuseTooLarge(name, text, files);
  const { labels } = plan;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: recordName(record),
      namespace,
      labels: {
        [LABEL.managedBy]: MANAGER,
        [LABEL.component]: COMPONENT.record,
        [LABEL.job]: name,
        [LABEL.uid]: uid,
      },
      ...(Object.keys(labels).length === 0
        ? {}
        : { annotations: { [ANNOTATION.labels]: JSON.stringify(labels) } }),
    },
    data: { format: FORMAT, record: text },
    ...(files.length === 0
      ? {}
      : { binaryData: Object.fromEntries(files.map((file, index) => [`file-${index}`, file])) }),
  };
}

/** `data.record`. Pure. */
export function toRecordText(record: NewJobRecord | JobRecord): string {
  const kept = { ...fillFiles(record, () => ""), version: undefined, secrets: undefined };
  return JSON.stringify(kept);
}

/** `binaryData` of a record that has its files' contents, as one that is updated; records that were listed have none. Pure. */
export function changedFiles({ spec }: JobRecord): Pick<V1ConfigMap, "binaryData"> {
  if (spec.files.every(({ contentBase64 }) => contentBase64 === "")) return {};
  const entries = spec.files.map(({ contentBase64 }, index) => [`file-${index}`, contentBase64]);
  return { binaryData: Object.fromEntries(entries) as Record<string, string> };
}

/** Whether a ConfigMap is a record of ours, of whichever version. Pure. */
export function isRecord({ metadata }: V1ConfigMap): boolean {
  const labels = metadata?.labels ?? {};
  return labels[LABEL.managedBy] === MANAGER && labels[LABEL.component] === COMPONENT.record;
}

/**
 * The record in a ConfigMap, with empty files and without secrets; the version is the resourceVersion. Pure.
 * @returns why it cannot be read, in words, where it cannot.
 */
export function fromConfigMap({ metadata, data }: V1ConfigMap): JobRecord | string {
  const { format, record: text } = data ?? {};
  if (format !== FORMAT) return `it has the format ${JSON.stringify(format)}, not ${FORMAT}`;
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    return "it is not JSON";
  }
  if (!isStored(value)) return "something is missing in it";
  if (value.name !== metadata?.name || value.namespace !== metadata.namespace)
    return `it is of job ${value.name} in namespace ${value.namespace}`;
  const record = { ...value, version: metadata.resourceVersion ?? "", secrets: {} };
  // Deleted past JuliaRun, and kept by Kubernetes until what it owns is gone.
  const deletedAt = Date.parse(String(metadata.deletionTimestamp));
  return Number.isNaN(deletedAt) ? record : { deletionRequestedAt: deletedAt, ...record };
}

/** The record with the contents of its files. Pure. */
export function withContents(record: JobRecord, { binaryData }: V1ConfigMap): JobRecord {
  if (record.spec.files.length === 0) return record;
  const contents = new Map(
    record.spec.files.map(({ name }, index) => [name, binaryData?.[`file-${index}`] ?? ""]),
  );
  return fillFiles(record, (name) => contents.get(name) ?? "");
}

function fillFiles<T extends NewJobRecord>(record: T, contentOf: (name: string) => string): T {
  if (record.spec.files.length === 0) return record;
  const fill = (files: readonly PlacedFile[]): PlacedFile[] =>
    files.map(({ name }) => ({ name, contentBase64: contentOf(name) }));
  const groups = record.plan.groups.map((group) => ({
    ...group,
    container: { ...group.container, files: fill(group.container.files) },
  }));
  return {
    ...record,
    spec: { ...record.spec, files: fill(record.spec.files) },
    plan: { ...record.plan, groups },
  };
}

type Stored = Omit<JobRecord, "version" | "secrets">;

/** Enough for the code that reads it; what wrote it was the same format of this program. */
function isStored(value: unknown): value is Stored {
  if (!isObject(value) || !isObject(value["spec"]) || !isObject(value["plan"])) return false;
  const texts = ["namespace", "name", "uid", "hash"].map((key) => value[key]);
  const numbers = ["createdAt", "requestedWorkers"].map((key) => value[key]);
  return (
    texts.every((text) => typeof text === "string") &&
    numbers.every((number) => typeof number === "number") &&
    isObject(value["units"]) &&
    Array.isArray(value["spec"]["files"]) &&
    Array.isArray(value["plan"]["groups"]) &&
    Array.isArray(value["plan"]["after"])
  );
}

function refuseTooLarge(name: string, text: string, files: readonly string[]): void {
  const bytes = files.reduce(
    (sum, file) => sum + Buffer.byteLength(file, "base64"),
    Buffer.byteLength(text) + FORMAT.length,
  );
  if (bytes <= MAX_BYTES) return;
  throw new ManagerError(
    "SPEC_INVALID",
    `Job ${name} has ${bytes} bytes with its files and parameters, and Kubernetes keeps at most ${MAX_BYTES} (1 MiB) of a job.`,
    {
      hint: "Put large files on a volume.",
      details: { bytes, maxBytes: MAX_BYTES },
    },
  );
}
