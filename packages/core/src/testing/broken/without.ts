/** A copy that lacks some optional properties. */
export function without<Value extends object, Key extends keyof Value>(
  value: Value,
  ...keys: readonly Key[]
): Omit<Value, Key> {
  const left: readonly PropertyKey[] = keys;
  const entries = Object.entries(value).filter(([key]) => !left.includes(key));
  return Object.fromEntries(entries) as Omit<Value, Key>;
}
