const PATTERN =
  /^(?<seconds>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d\d:\d\d)$/;

/** Most lines are of the same second as the one before. */
let lastText = "";
let lastNs = 0n;

/** Nanoseconds since 1970 of a time in RFC 3339; undefined for what is none. */
export function parseTimeNs(text: string): bigint | undefined {
  const { seconds, fraction = "", zone } = PATTERN.exec(text)?.groups ?? {};
  if (seconds === undefined || zone === undefined) return undefined;
  const whole = seconds + zone;
  if (whole !== lastText) {
    const ms = Date.parse(whole);
    if (Number.isNaN(ms)) return undefined;
    lastNs = BigInt(ms) * 1_000_000n;
    lastText = whole;
  }
  return lastNs + BigInt(fraction.padEnd(9, "0"));
}

/** The whole second of a time, in RFC 3339: the API takes no parts of one. */
export function toSinceTime(timeNs: bigint): string {
  return new Date(Number(timeNs / 1_000_000_000n) * 1000).toISOString().replace(".000Z", "Z");
}
