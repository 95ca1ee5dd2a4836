/** What a unit is to its job. */
export type UnitRole = "master" | "worker";

/** One container of a job: the master (index 0) or worker number `index`, counted from 0. */
export interface UnitId {
  readonly role: UnitRole;
  readonly index: number;
}

/** `master` or `worker-<index>`: the name in logs, file names and `--unit`. */
export function unitName(unit: UnitId): string {
  return unit.role === "master" ? "master" : `worker-${unit.index}`;
}

/** The inverse of {@link unitName}; undefined for any other text. */
export function parseUnitName(name: string): UnitId | undefined {
  if (name === "master") return { role: "master", index: 0 };
  const match = /^worker-(0|[1-9]\d{0,5})$/.exec(name);
  return match ? { role: "worker", index: Number(match[1]) } : undefined;
}

/** Order of units in tables and merges: the master, then workers by number. */
export function compareUnits(a: UnitId, b: UnitId): number {
  return a.role === b.role ? a.index - b.index : a.role === "master" ? -1 : 1;
}
