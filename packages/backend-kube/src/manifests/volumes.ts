import {
  FILES_DIR,
  ManagerError,
  RUNTIME_DIR,
  SECRETS_DIR,
  formatMemory,
  gitImage,
  isReadOnly,
  type ContainerPlan,
  type JobRecord,
  type Mount,
  type RuntimeBundle,
  type VolumeSource,
} from "@juliarun/core";
import type { V1Container, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import type { ControllerRequest } from "./controller-request.ts";
import { GIT_CONTENT, toGitVolume } from "./git-volume.ts";
import { recordName, runtimeName, secretName } from "./names.ts";
import { volumeClaimName } from "./persistent-volume.ts";
import { toResourceRequirements } from "./resources.ts";
import { runtimeItems } from "./runtime-config-map.ts";
import { secretMode } from "./security-context.ts";
import type { UnitUser } from "./unit-user.ts";

/** What a pod needs for a container's mounts. */
export interface PodVolumes {
  readonly volumes: readonly V1Volume[];
  /** Of the unit's container. */
  readonly mounts: readonly V1VolumeMount[];
  /** They fill volumes before the unit starts. */
  readonly initContainers: readonly V1Container[];
}

const NOTHING: PodVolumes = { volumes: [], mounts: [], initContainers: [] };

/**
 * A container's volumes, runtime bundle, placed files and secrets.
 * @throws ManagerError VOLUME_NOT_FOUND for a volume that is not in the plan, CAPABILITY_UNSUPPORTED for a credential that
 * pods cannot use.
 */
export function toVolumes(request: ControllerRequest, user: UnitUser | undefined): PodVolumes {
  const { record, setting } = request;
  const { container } = request.group;
  const parts = [
    ...container.mounts.map((mount, index) => toVolume(`volume-${index}`, mount, request, user)),
    container.runtime && setting.runtimeBundle ? toRuntime(setting.runtimeBundle) : NOTHING,
    toPlacedFiles(record, container),
    toSecrets(record, container, user),
  ];
  return {
    volumes: parts.flatMap(({ volumes }) => volumes),
    mounts: parts.flatMap(({ mounts }) => mounts),
    initContainers: parts.flatMap(({ initContainers }) => initContainers),
  };
}

function toVolume(
  name: string,
  mount: Mount,
  { record, group }: ControllerRequest,
  user: UnitUser | undefined,
): PodVolumes {
  const source = record.plan.volumes[mount.volume];
  if (!source) {
    throw new ManagerError(
      "VOLUME_NOT_FOUND",
      `The job mounts the volume ${mount.volume}, which its plan does not describe.`,
      { details: { volume: mount.volume } },
    );
  }
  const mountAt: Omit<V1VolumeMount, "subPath"> = {
    name,
    mountPath: mount.path,
    ...(mount.readOnly || isReadOnly(source) ? { readOnly: true } : {}),
  };
  if (source.kind !== "gitrepo") {
    return {
      ...NOTHING,
      volumes: [{ name, ...toPodVolumeSource(mount.volume, source) }],
      mounts: [mountAt],
    };
  }
  const clone = toGitVolume(name, mount.volume, source, {
    image: gitImage(source),
    user,
    resources: toResourceRequirements({ ...group.container.resources, gpus: 0 }),
  });
  return { ...clone, mounts: [{ ...mountAt, subPath: GIT_CONTENT }] };
}

/** Where a pod's volume comes from. */
export function toPodVolumeSource(
  volume: string,
  source: Exclude<VolumeSource, { kind: "gitrepo" }>,
): Omit<V1Volume, "name"> {
  switch (source.kind) {
    case "hostpath":
      return { hostPath: { path: source.path, type: "Directory" } };
    case "scratch":
      return {
        emptyDir:
          source.capacityBytes === undefined
            ? {}
            : { sizeLimit: formatMemory(source.capacityBytes) },
      };
    default:
      return {
        persistentVolumeClaim: {
          claimName: volumeClaimName(volume),
          ...(source.readOnly ? { readOnly: true } : {}),
        },
      };
  }
}

function toRuntime(bundle: RuntimeBundle): PodVolumes {
  const configMap = { name: runtimeName(bundle.hash), items: runtimeItems(bundle) };
  return mounted({ name: "runtime", configMap }, RUNTIME_DIR);
}

function toPlacedFiles(record: JobRecord, container: ContainerPlan): PodVolumes {
  if (container.files.length === 0) return NOTHING;
  const items = container.files.map(({ name }) => ({
    key: placedFileKey(record, name),
    path: name,
  }));
  const configMap = { name: recordName(record), items, defaultMode: 0o444 };
  return mounted({ name: "files", configMap }, FILES_DIR);
}

/** Key of a placed file in the record's ConfigMap: by its place in the spec, as names may be longer than keys. */
function placedFileKey({ spec, name }: JobRecord, file: string): string {
  const index = spec.files.findIndex((placed) => placed.name === file);
  if (index >= 0) return `file-${index}`;
  throw new ManagerError(
    "INTERNAL",
    `The plan of job ${name} places ${file}, which its spec lacks.`,
  );
}

function toSecrets(
  record: JobRecord,
  { secrets }: ContainerPlan,
  user: UnitUser | undefined,
): PodVolumes {
  if (secrets.length === 0) return NOTHING;
  const secret = {
    secretName: secretName(record),
    items: secrets.map((name) => ({ key: name, path: name })),
    defaultMode: secretMode(user),
  };
  return mounted({ name: "secrets", secret }, SECRETS_DIR);
}

function mounted(volume: V1Volume, mountPath: string): PodVolumes {
  return {
    volumes: [volume],
    mounts: [{ name: volume.name, mountPath, readOnly: true }],
    initContainers: [],
  };
}
