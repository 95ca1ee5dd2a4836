import { ManagerError, type VolumeSource } from "@juliarun/core";
import type {
  V1Container,
  V1EnvVar,
  V1ResourceRequirements,
  V1Volume,
} from "@kubernetes/client-node";
import { escapeExpansion, unescapeExpansion } from "./escape-expansion.ts";
import { containerSecurity, secretMode } from "./security-context.ts";
import type { UnitUser } from "./unit-user.ts";

type GitSource = Extract<VolumeSource, { kind: "gitrepo" }>;

/** How a repository is cloned. */
export interface GitSetting {
  readonly image: string;
  readonly user: UnitUser | undefined;
  readonly resources: V1ResourceRequirements;
}

/** Variable with the repository's address. */
const REPOSITORY = "GIT_URL";
/** Folder of the volume with the working tree: the unit's container mounts this one, so a clone can be begun anew. */
export const GIT_CONTENT = "content";
/** Key of a token in its Secret. */
const TOKEN_KEY = "token";
const CLONE_DIR = "/juliarun/git";
const TOKEN_DIR = "/juliarun/token";
// A helper or a file of the machine's is no repository.
const PROTOCOLS = "http:https:ssh:git";

// The kubelet may run it again. A depth asks for the ref itself, as a shallow clone has no others; without one, a commit may
// be abbreviated.
const CLONE_SCRIPT = `set -eu
rm -rf "$GIT_TARGET"
if [ -z "$GIT_REF" ]; then
  git clone --quiet \${GIT_DEPTH:+--depth "$GIT_DEPTH"} -- "$GIT_URL" "$GIT_TARGET"
elif [ -z "$GIT_DEPTH" ]; then
  git clone --quiet --no-checkout -- "$GIT_URL" "$GIT_TARGET"
  git -C "$GIT_TARGET" checkout "$GIT_REF" --
else
  git init --quiet -- "$GIT_TARGET"
  git -C "$GIT_TARGET" remote add -- origin "$GIT_URL"
  git -C "$GIT_TARGET" fetch --depth "$GIT_DEPTH" -- origin "$GIT_REF"
  git -C "$GIT_TARGET" checkout --detach FETCH_HEAD --
fi
`;

// Asked by git on standard output; the token never is an argument or a variable.
const CREDENTIAL_HELPER = `!f() { [ "$1" = get ] || exit 0; grep -q "^username=" || echo username=git; printf "password=%s\\n" "$(cat ${TOKEN_DIR}/${TOKEN_KEY})"; }; f`;

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
  const environment: Record<string, string> = {
    [REPOSITORY]: source.repository,
    GIT_REF: source.ref ?? "",
    GIT_DEPTH: source.depth === undefined ? "" : String(source.depth),
    GIT_TARGET: `${CLONE_DIR}/${GIT_CONTENT}`,
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    ...(secretName === undefined ? {} : credentialEnvironment(volume, source)),
  };
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
        command: ["sh", "-c", escapeExpansion(CLONE_SCRIPT)],
        // Why it failed is seen in the pod, without a right to read logs.
        terminationMessagePolicy: "FallbackToLogsOnError",
        env: Object.entries(environment).map(([key, value]): V1EnvVar => ({
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
  const value = env.find(({ name }) => name === REPOSITORY)?.value;
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

/** Git's settings: the token is for the repository's own host only, wherever that redirects to. */
function credentialEnvironment(volume: string, { repository }: GitSource): Record<string, string> {
  const url = URL.parse(repository);
  if (url?.protocol !== "https:") {
    throw unsupported(
      volume,
      "has a credential, but its repository's address is not one of https",
      "Give the repository's https address: a token is sent to no other.",
    );
  }
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `credential.${url.origin}.helper`,
    GIT_CONFIG_VALUE_0: CREDENTIAL_HELPER,
  };
}

function unsupported(volume: string, what: string, hint: string): ManagerError {
  return new ManagerError("CAPABILITY_UNSUPPORTED", `Volume ${volume} ${what}.`, {
    hint,
    details: { volume },
  });
}
