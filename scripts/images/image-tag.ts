/** `repo` and `tag` of an image reference; a registry's port is not a tag. */
export function splitTag(reference: string): { repo: string; tag: string } {
  const [, repo = reference, tag = "latest"] = /^(.+?)(?::([^:/]+))?$/.exec(reference) ?? [];
  return { repo, tag };
}
