/**
 * Keeps Kubernetes from expanding `$(NAME)` in arguments and environment variables, and from making one dollar sign of
 * two: every one is doubled.
 */
export function escapeExpansion(text: string): string {
  return text.replaceAll("$", () => "$$");
}

/** What a text was before {@link escapeExpansion}. */
export function unescapeExpansion(text: string): string {
  return text.replaceAll("$$", () => "$");
}
