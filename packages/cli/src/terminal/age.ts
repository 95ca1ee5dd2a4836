/** A span of time in at most two units, as kubectl prints ages: `42s`, `7m12s`, `3h20m`, `5d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (hours < 2) return `${minutes}m`;
  if (hours < 10) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  return days < 2 ? `${hours}h` : `${days}d`;
}

/** How long something took: as {@link formatAge}, with tenths of a second where they matter. */
export function formatRuntime(ms: number): string {
  return ms < 10_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)}s` : formatAge(ms);
}
