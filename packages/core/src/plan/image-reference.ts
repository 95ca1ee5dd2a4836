/** An image reference as engines take it apart. */
export interface ImageReference {
  /** With its registry, where one is named. */
  readonly repository: string;
  /** Tag or digest. Never empty: an engine would pull every tag. */
  readonly tag: string;
}

/** Name of Docker Hub, whose images need not name a registry. */
export const DOCKER_HUB = "docker.io";

// The grammar of the distribution project: host[:port]/path:tag@digest, all but the path may be missing.
const HOST = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)*(?::\d+)?/)?`;
const PART = "[a-z0-9]+(?:(?:[.]|_{1,2}|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
  String.raw`^${HOST}${PART}(?:/${PART})*(?::\w[-.\w]{0,127})?(?:@[a-z0-9.+_-]+:[0-9a-f]{32,})?$`,
);

/** Whether a text is written like a reference and cannot be an abstract name: with a `/`, a `:` or an `@`. Pure. */
export function looksLikeReference(text: string): boolean {
  return /[/:@]/.test(text);
}

/** Whether a text is a reference that every engine takes, such as `registry.example:5000/team/julia:1.10`. Pure. */
export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Splits `[registry/]repository[:tag][@digest]`; `latest` where no tag is named. Pure. */
export function splitReference(image: string): ImageReference {
  const at = image.indexOf("@");
  if (at >= 0) return { repository: withoutTag(image.slice(0, at)), tag: image.slice(at + 1) };
  const repository = withoutTag(image);
  const tag = image.slice(repository.length + 1);
  return { repository, tag: tag === "" ? "latest" : tag };
}

/** The registry of a repository or an image, `host` or `host:port`; {@link DOCKER_HUB} where none is named. Pure. */
export function registryOf(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  if (!isHost) return DOCKER_HUB;
  return first === "index.docker.io" ? DOCKER_HUB : first;
}

/** A colon after the last slash begins a tag; before it, a port. */
function withoutTag(name: string): string {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}
