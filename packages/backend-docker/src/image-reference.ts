/** An image reference as the pull call wants it. */
export interface ImageReference {
  readonly repository: string;
  /** Tag or digest. Never empty: the engine would pull every tag. */
  readonly tag: string;
}

/** Splits `[registry/]repository[:tag][@digest]`; `latest` where no tag is named. Pure. */
export function splitReference(image: string): ImageReference {
  const at = image.indexOf("@");
  if (at >= 0) return { repository: withoutTag(image.slice(0, at)), tag: image.slice(at + 1) };
  const repository = withoutTag(image);
  const tag = image.slice(repository.length + 1);
  return { repository, tag: tag === "" ? "latest" : tag };
}

/** The registry's host name; Docker Hub's where none is named. Pure. */
export function registryOf(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return isHost ? first : "docker.io";
}

/** A colon after the last slash begins a tag; before it, a port. */
function withoutTag(name: string): string {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}
