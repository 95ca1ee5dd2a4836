/** Spellings of parameter names: `run_volume` (manual), `run-volume` (command line), `runVolume` (TypeScript). */
export type KeyStyle = "snake" | "kebab" | "camel";

/** `run_volume` and `run-volume` as `runVolume`; other names as they are. */
export function toCamelCase(name: string): string {
  return name.replaceAll(/(?<=[A-Za-z0-9])[-_]+([A-Za-z0-9])/g, (_match, letter: string) =>
    letter.toUpperCase(),
  );
}

const separate = (name: string, separator: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => separator + letter.toLowerCase());

/** `runVolume` as the manual's `run_volume`. */
export function toSnakeCase(name: string): string {
  return separate(name, "_");
}

/** `runVolume` as the command line's `run-volume`. */
export function toKebabCase(name: string): string {
  return separate(name, "-");
}

/** A camelCase name, spelled in the style of another one. */
export function spellLike(name: string, model: string): string {
  if (model.includes("_")) return toSnakeCase(name);
  return model.includes("-") ? toKebabCase(name) : name;
}

/** Parameters under their camelCase names. */
export interface NormalisedKeys {
  /** Values as given; `undefined` and `null` (Julia's `nothing`) count as not given. */
  readonly values: Record<string, unknown>;
  /** The spelling that was given, by camelCase name. */
  readonly spelling: ReadonlyMap<string, string>;
  /** Spellings of a parameter that was already given in another one. */
  readonly doubled: readonly string[];
}

/** Translates the names of parameters to camelCase; leaves their values alone. */
export function normaliseKeys(parameters: Readonly<Record<string, unknown>>): NormalisedKeys {
  const values: Record<string, unknown> = {};
  const spelling = new Map<string, string>();
  const doubled: string[] = [];
  for (const [given, value] of Object.entries(parameters)) {
    if (value == null) continue;
    const name = toCamelCase(given);
    if (spelling.has(name)) {
      doubled.push(given);
      continue;
    }
    spelling.set(name, given);
    // Not by assignment: a parameter called `__proto__` must be seen, and refused, like any other.
    Object.defineProperty(values, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return { values, spelling, doubled };
}
