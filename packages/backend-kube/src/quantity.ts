const BINARY = "KMGTPE";
const DECIMAL: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};

/**
 * Value of an amount as the API server writes it, such as `250m`, `24Mi`, `1e3`: cores, bytes, pieces. The library has the same
 * for its own use only. 0 for a text that is none.
 */
export function quantityValue(text: string): number {
  const match = /^([+-]?[\d.]+)(?:([KMGTPE])i|([numkMGTPE])|[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return 0;
  const [, number = "0", binary, decimal, exponent] = match;
  if (binary !== undefined) return Number(number) * 1024 ** (BINARY.indexOf(binary) + 1);
  if (decimal !== undefined) return Number(number) * (DECIMAL[decimal] ?? 1);
  return Number(number) * 10 ** Number(exponent ?? 0);
}
