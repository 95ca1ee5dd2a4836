/** Labels of every object that this backend makes. */
export const LABEL = {
  /** Always {@link MANAGER}. */
  managedBy: "app.kubernetes.io/managed-by",
  /** What kind of object it is: {@link COMPONENT}. */
  component: "app.kubernetes.io/component",
  /** The job's name. */
  job: "juliarun/job",
  /** The submit's uid: selectors use it, as the pods of an earlier job of the same name may still be ending. */
  uid: "juliarun/uid",
  /** On the Job and pod of a copy: the Job's name. */
  copy: "juliarun/copy",
  /** `master` or `worker`, on pods and their controllers. */
  role: "juliarun/role",
  /** On pods of a service: number of the update that they are made from. */
  revision: "juliarun/revision",
} as const;

/** Value of {@link LABEL.managedBy}. */
export const MANAGER = "juliarun";

/** Values of {@link LABEL.component}. */
export const COMPONENT = {
  /** ConfigMap with the record: owns everything else of a job. */
  record: "record",
  /** Pods, and the controllers that make them. */
  unit: "unit",
  /** Secret, Service and whatever else a job has. */
  part: "part",
  /** ConfigMap with the runtime bundle, shared by jobs. */
  runtime: "runtime",
  /** PersistentVolume and PersistentVolumeClaim, made by an administrator. */
  storage: "storage",
  /** Job and pod that open a volume for copying files: of no job. */
  copy: "copy",
} as const;

/** Annotations. */
export const ANNOTATION = {
  /** The user's labels as JSON: they need not be valid as labels. */
  labels: "juliarun/labels",
  /** On pods: by registry, how images are pulled from it, in words. */
  pullAccess: "juliarun/pull-access",
  /** On a controller: it has one pod more than wanted, while its pods are replaced. */
  surge: "juliarun/surge",
} as const;

/** Name of the one container of every pod that counts. */
export const CONTAINER = "unit";

/** Selects our objects of these kinds and jobs. */
export function selector(labels: Readonly<Record<string, string>>): string {
  return Object.entries({ [LABEL.managedBy]: MANAGER, ...labels })
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
