import { expect, it } from "vitest";
import { flag, nonEmptyText, wholeNumber } from "./text-scalars.ts";

it("reads booleans, quoted too", () => {
  expect([true, false, "true", "false"].map((value) => flag.parse(value))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(["yes", "", 1, "True", undefined].map((value) => flag.safeParse(value).success)).toEqual(
    Array(5).fill(false),
  );
});

it("reads whole numbers in a range, quoted too", () => {
  expect([0, "3", " 5 "].map((value) => wholeNumber(0, 5).parse(value))).toEqual([0, 3, 5]);
  const refused = [-1, 6, 1.5, "1.5", "", "x", true, Number.NaN, "0x1"];
  expect(refused.map((value) => wholeNumber(0, 5).safeParse(value).success)).toEqual(
    refused.map(() => false),
  );
  expect(wholeNumber(1).safeParse("none").error?.issues[0]?.message).toBe(
    "must be a whole number, 1 or more",
  );
});

it("refuses text that no engine can pass on", () => {
  expect(["x", "", "a\0b"].map((value) => nonEmptyText.safeParse(value).success)).toEqual([
    true,
    false,
    false,
  ]);
});
