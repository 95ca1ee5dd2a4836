import { expect, it } from "vitest";
import { quantityValue } from "./quantity.ts";

it.each([
  ["250m", 0.25],
  ["2", 2],
  ["1.5", 1.5],
  ["24Mi", 24 * 2 ** 20],
  ["24581528Ki", 24_581_528 * 1024],
  ["1k", 1000],
  ["1e3", 1000],
  ["12345678n", 0.012345678],
  ["1E", 1e18],
  ["nonsense", 0],
])("%s is %d", (text, value) => {
  expect(quantityValue(text)).toBeCloseTo(value, 12);
});
