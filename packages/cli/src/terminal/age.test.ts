import { expect, it } from "vitest";
import { formatAge, formatRuntime } from "./age.ts";

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

it.each([
  [-5, "0s"],
  [999, "0s"],
  [119 * S, "119s"],
  [2 * M, "2m"],
  [7 * M + 12 * S, "7m12s"],
  [90 * M, "90m"],
  [3 * H + 20 * M, "3h20m"],
  [30 * H, "30h"],
  [5 * D + 7 * H, "5d"],
])("formats an age of %d ms as %s", (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

it.each([
  [-1, "0.0s"],
  [640, "0.6s"],
  [12 * S, "12s"],
])("formats a run time of %d ms as %s", (ms, text) => {
  expect(formatRuntime(ms)).toBe(text);
});
