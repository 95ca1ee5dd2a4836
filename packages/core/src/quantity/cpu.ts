import { z } from "zod";
import { ManagerError } from "../errors/manager-error.ts";
import { parsedBy } from "../schema/parsed-by.ts";

const invalid = (value: string | number, suggestion?: string): ManagerError =>
  new ManagerError(
    "SPEC_INVALID",
    `must be a number of cores such as 0.5, "2" or "500m" (thousandths), at least 1m, not ${JSON.stringify(value)}`,
    suggestion === undefined ? {} : { details: { suggestion } },
  );

/**
 * CPU in thousandths of a core, from cores (`2`, `0.5`, `"0.1"`) or thousandths (`"100m"`), rounded up as Kubernetes does.
 * @throws ManagerError SPEC_INVALID for anything else, and for less than 1m.
 */
export function parseCpu(value: string | number): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(m?)$/.exec(String(value).trim());
  if (!match) {
    const cores = /^(\d+(?:\.\d+)?)\s*(?:c|cpus?|cores?|vcpus?)$/i.exec(String(value).trim());
    throw invalid(value, cores?.[1]);
  }
  const scaled = Number(match[1]) * (match[2] === "m" ? 1 : 1000);
  // The product of a decimal fraction is off by some 1e-13, which must not round up.
  const millis = Math.ceil(Number(scaled.toFixed(6)));
  if (millis < 1 || !Number.isSafeInteger(millis)) throw invalid(value);
  return millis;
}

/** The canonical text of a CPU share: `100m`, `2`, `1500m`. */
export function formatCpu(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** A CPU share; its output is the canonical text, so that equal shares are equal texts. */
export const cpuSchema = z
  .union([z.string(), z.number()], {
    error: 'must be a number of cores such as 0.5, "2" or "500m"',
  })
  .transform(parsedBy((value) => formatCpu(parseCpu(value))));
