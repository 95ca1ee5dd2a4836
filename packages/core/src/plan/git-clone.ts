import { ManagerError } from "../errors/manager-error.ts";
import type { VolumeSource } from "./volume-source.ts";

/** A volume that is a git repository. */
export type GitSource = Extract<VolumeSource, { kind: "gitrepo" }>;

/** Name of the image in the configuration that clones gitrepo volumes. */
export const GIT_IMAGE_NAME = "git";

/** Where the configuration names none. */
const DEFAULT_IMAGE = "docker.io/alpine/git";

/** Variable with the repository's address. */
export const GIT_REPOSITORY = "GIT_URL";

/** Where things are in the container that clones. */
export interface GitPlace {
  /** Folder that becomes the working tree; made where missing, emptied where not. */
  readonly target: string;
  /** File with the token, where the source has a credential. */
  readonly tokenFile: string;
}

/** A program that clones a repository. */
export interface GitClone {
  /** Of a POSIX shell; says on standard error why it failed. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

// A helper or a file of the machine's is no repository.
const PROTOCOLS = "http:https:ssh:git";
const DEFAULT_USERNAME = "git";

// It may be run again, and the folder may be one that cannot be removed itself. A depth asks for the ref itself, as a shallow
// clone has no others; without one, a commit may be abbreviated.
const SCRIPT = `set -eu
mkdir -p "$GIT_TARGET"
rm -rf "$GIT_TARGET"/..?* "$GIT_TARGET"/.[!.]* "$GIT_TARGET"/*
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

/**
 * How a volume's repository is cloned. Everything of the user's travels in variables; the token never is an argument or a variable.
 * @param volume - its name, for messages.
 * @throws ManagerError CAPABILITY_UNSUPPORTED for a credential with a repository that takes no token. Pure.
 */
export function gitClone(volume: string, source: GitSource, place: GitPlace): GitClone {
  return {
    script: SCRIPT,
    env: {
      [GIT_REPOSITORY]: source.repository,
      GIT_REF: source.ref ?? "",
      GIT_DEPTH: source.depth === undefined ? "" : String(source.depth),
      GIT_TARGET: place.target,
      GIT_TERMINAL_PROMPT: "0",
      GIT_ALLOW_PROTOCOL: PROTOCOLS,
      ...(source.credential === undefined ? {} : credentialEnvironment(volume, source, place)),
    },
  };
}

/** Git's settings: the token is for the repository's own host only, wherever that redirects to. */
function credentialEnvironment(
  volume: string,
  { repository, username = DEFAULT_USERNAME }: GitSource,
  { tokenFile }: GitPlace,
): Record<string, string> {
  const url = URL.parse(repository);
  if (url?.protocol !== "https:") {
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      `Volume ${volume} has a credential, but its repository's address is not one of https.`,
      {
        hint: "Give the repository's https address: a token is sent to no other.",
        details: { volume },
      },
    );
  }
  return {
    GIT_USERNAME: username,
    GIT_TOKEN_FILE: tokenFile,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `credential.${url.origin}.helper`,
    GIT_CONFIG_VALUE_0: CREDENTIAL_HELPER,
  };
}

// Asked by git on standard output.
const CREDENTIAL_HELPER =
  '!f() { [ "$1" = get ] || exit 0; printf "username=%s\\npassword=%s\\n" "$GIT_USERNAME" "$(cat "$GIT_TOKEN_FILE")"; }; f';

/** What is told of a repository that cannot be cloned. @param words - of git, or what else happened. */
export function cloneFailure(repository: string, words: string): string {
  return `Repository ${repository} cannot be cloned: ${words}`;
}

/** The image that clones a repository: it has `sh` and `git`. */
export function gitImage({ image }: Pick<GitSource, "image">): string {
  return image ?? DEFAULT_IMAGE;
}
