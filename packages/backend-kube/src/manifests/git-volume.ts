import { gitClone, GIT_REPOSITORY, ManagerError, type GitSource } from "@juliarun/core";
import type {
  V1Container,
  V1EnvVar,
  V1ResourceRequirements,
  V1Volume,
} from "@kubernetes/client-node";
import { escapeExpansion, unescapeExpansion } from "./escape-expansion.ts";
import { containerSecurity, secretMode } from "./security-context.ts";
import type { UnitUser } from "./unit-user.ts";

/** How a repository is cloned. */
export interface GitSetting {
  readonly image: string;
  readonly user: UnitUser | undefined;
  readonly resources: V1ResourceRequirements;
}

/** Folder of the volume with the working tree: the unit's container mounts this one, so a clone can be begun anew. */
export const GIT_CONTENT = "content";
/** Key of a token in its Secret. */
const TOKEN_KEY = "token";
const CLONE_DIR = "/juliarun/git";
const TOKEN_DIR = "/juliarun/token";

/**
 * A volume with a clone of a repository: an empty folder, and the init container that fills it.
 * @param name - of the pod's volume.
 * @param volume - of the configuration, for messages.
 * @throws ManagerError CAPABILITY_UNSUPPORTED for a credential that is no Secret's name, or a repository that takes no token.
 */
export function toGitVolume(
  name: string,
  volume: string,
  source: GitSource,
  { image, user, resources }: GitSetting,
): { readonly volumes: readonly V1Volume[]; readonly initContainers: readonly V1Container[] } {
  const secretName = toSecretName(volume, source);
  const token = `${name}-token`;
  const clone = gitClone(volume, source, {
    target: `${CLONE_DIR}/${GIT_CONTENT}`,
    tokenFile: `${TOKEN_DIR}/${TOKEN_KEY}`,
  });
  return {
    volumes: [
      { name, emptyDir: {} },
      ...(secretName === undefined
        ? []
        : [
            {
              name: token,
              secret: {
                secretName,
                items: [{ key: TOKEN_KEY, path: TOKEN_KEY }],
                defaultMode: secretMode(user),
              },
            },
          ]),
    ],
    initContainers: [
      {
        name: `git-${name}`,
        image,
        imagePullPolicy: "IfNotPresent",
        command: ["sh", "-c", escapeExpansion(clone.script)],
        // Why it failed is seen in the pod, without a right to read logs.
        terminationMessagePolicy: "FallbackToLogsOnError",
        env: Object.entries(clone.env).map(([key, value]): V1EnvVar => ({
          name: key,
          value: escapeExpansion(value),
        })),
        resources,
        securityContext: containerSecurity(),
        volumeMounts: [
          { name, mountPath: CLONE_DIR },
          ...(secretName === undefined
            ? []
            : [{ name: token, mountPath: TOKEN_DIR, readOnly: true }]),
        ],
      },
    ],
  };
}

/** The repository that an init container clones; undefined for a container that is none of {@link toGitVolume}. */
export function repositoryOf({ env = [] }: V1Container): string | undefined {
  const value = env.find(({ name }) => name === GIT_REPOSITORY)?.value;
  return value === undefined ? undefined : unescapeExpansion(value);
}

function toSecretName(volume: string, { credential }: GitSource): string | undefined {
  if (credential === undefined || typeof credential === "string") return credential;
  throw unsupported(
    volume,
    "has a credential in a file or a variable of this machine, which pods do not see",
    `Put the token into a Secret of the job's namespace, under the key ${TOKEN_KEY}, and give the Secret's name.`,
  );
}

function unsupported(volume: string, what: string, hint: string): ManagerError {
  return new ManagerError("CAPABILITY_UNSUPPORTED", `Volume ${volume} ${what}.`, {
    hint,
    details: { volume },
  });
}
