import { z } from "zod";
import { ManagerError } from "../errors/manager-error.ts";
import { parsedBy } from "../schema/parsed-by.ts";

const UNITS = [
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
  ["s", 1],
] as const;
const PATTERN = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/**
 * Whole seconds, from a duration (`90s`, `5m`, `1h30m`, `480h`, `2d`) or a number of seconds, also as text.
 * @throws ManagerError SPEC_INVALID for anything else.
 */
export function parseDuration(value: string | number): number {
  const text = String(value).trim();
  let seconds = Number.NaN;
  const match = PATTERN.exec(text);
  if (/^\d+$/.test(text)) seconds = Number(text);
  else if (text !== "" && match) {
    seconds = UNITS.reduce(
      (sum, [, factor], index) => sum + Number(match[index + 1] ?? 0) * factor,
      0,
    );
  }
  if (Number.isSafeInteger(seconds)) return seconds;
  throw new ManagerError(
    "SPEC_INVALID",
    `must be a duration such as "90s", "5m", "1h30m" or a whole number of seconds, not ${JSON.stringify(value)}`,
  );
}

/** A duration for people: `1h30m`, `0s`. */
export function formatDuration(seconds: number): string {
  let rest = Math.round(seconds);
  let text = "";
  for (const [suffix, factor] of UNITS) {
    const count = Math.floor(rest / factor);
    if (count > 0) text += `${count}${suffix}`;
    rest -= count * factor;
  }
  return text === "" ? "0s" : text;
}

const input = z.union([z.string(), z.number()], {
  error: 'must be a duration such as "90s", "5m" or "1h"',
});

/** A duration of at least `min` seconds; its output is a number of seconds. */
export function durationSchema(min: number) {
  return input.transform(parsedBy(parseDuration)).refine((seconds) => seconds >= min, {
    error: `must be at least ${formatDuration(min)}`,
  });
}

/** A duration that is kept as it was written, such as the windows of an InfluxDB retention policy. */
export const durationTextSchema = input.transform(
  parsedBy((value) => (parseDuration(value), typeof value === "number" ? `${value}s` : value)),
);
