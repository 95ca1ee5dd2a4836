import { z } from "zod";
import { ManagerError } from "../errors/manager-error.ts";
import { parsedBy } from "../schema/parsed-by.ts";

const BINARY: readonly (readonly [suffix: string, factor: number])[] = [
  ["Pi", 2 ** 50],
  ["Ti", 2 ** 40],
  ["Gi", 2 ** 30],
  ["Mi", 2 ** 20],
  ["Ki", 2 ** 10],
];
const DECIMAL: readonly (readonly [suffix: string, factor: number])[] = [
  ["P", 1e15],
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
  ["k", 1e3],
];
const FACTORS = new Map<string, number>([...BINARY, ...DECIMAL, ["K", 1e3], ["", 1]]);

/** What `512mb` and the like probably mean. */
function meant(text: string): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgtp])i?(?:b|bytes?)?$/i.exec(text);
  return match?.[2] === undefined ? undefined : `${match[1]}${match[2].toUpperCase()}i`;
}

function invalid(value: string | number): ManagerError {
  const suggestion = meant(String(value).trim());
  return new ManagerError(
    "SPEC_INVALID",
    `must be an amount of memory such as "512Mi", "8Gi", "500M" or a number of bytes, not ${JSON.stringify(value)}`,
    suggestion === undefined ? {} : { details: { suggestion } },
  );
}

/**
 * Bytes, from a Kubernetes-style amount: `512Mi`, `8Gi` (binary), `500M`, `1T` (decimal), or a number of bytes.
 * A fraction of a byte is rounded up.
 * @throws ManagerError SPEC_INVALID for anything else, and for 0.
 */
export function parseMemory(value: string | number): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)([A-Za-z]{0,2})$/.exec(String(value).trim());
  const factor = match?.[2] === undefined ? undefined : FACTORS.get(match[2]);
  if (!match || factor === undefined) throw invalid(value);
  const bytes = Math.ceil(Number((Number(match[1]) * factor).toFixed(6)));
  if (bytes < 1 || !Number.isSafeInteger(bytes)) throw invalid(value);
  return bytes;
}

/** The canonical text of an amount of memory: the largest unit that divides it, binary before decimal. */
export function formatMemory(bytes: number): string {
  for (const [suffix, factor] of [...BINARY, ...DECIMAL]) {
    if (bytes !== 0 && bytes % factor === 0) return `${bytes / factor}${suffix}`;
  }
  return String(bytes);
}

const input = z.union([z.string(), z.number()], {
  error: 'must be an amount of memory such as "512Mi" or "8Gi"',
});

/** A storage or memory amount; its output is the canonical text, so that equal amounts are equal texts. */
export const memorySchema = input.transform(parsedBy((value) => formatMemory(parseMemory(value))));

/** What engines need to start a container at all: Docker refuses less than 6 MiB. */
const LEAST_CONTAINER_BYTES = 6 * 2 ** 20;

/** The memory of a container: as {@link memorySchema}, at least 6Mi. */
export const containerMemorySchema = input.transform(
  parsedBy((value) => {
    const bytes = parseMemory(value);
    if (bytes >= LEAST_CONTAINER_BYTES) return formatMemory(bytes);
    const plain = /^\d+$/.test(String(value));
    throw new ManagerError(
      "SPEC_INVALID",
      `must be at least 6Mi, and ${JSON.stringify(value)} is ${bytes} bytes`,
      {
        details: plain ? { suggestion: `${value}Mi` } : {},
      },
    );
  }),
);
