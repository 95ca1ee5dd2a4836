import { ManagerError } from "../errors/manager-error.ts";

/** Steps of a scaling, as Julia's `start:step:stop`: both ends included, `step` 1 where absent. */
export interface ScaleRange {
  readonly start: number;
  readonly step?: number;
  readonly stop: number;
}

/** A number of workers, or steps towards one: `{ start: 1, step: 2, stop: 9 }` or `"1:2:9"`. */
export type ScaleTarget = number | string | ScaleRange;

/** More steps than any scaling needs; a typing error makes millions. */
const MAX_STEPS = 10_000;

const invalid = (message: string): ManagerError =>
  new ManagerError("SPEC_INVALID", message, {
    hint: 'Give a number of workers such as 4, or steps such as "1:2:9" (start:step:stop) or "1:9".',
  });

function wholeNumber(text: string, whole: string): number {
  const value = /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  const place = text === whole ? "" : ` in ${JSON.stringify(whole)}`;
  throw invalid(`A scale must be made of whole numbers, not ${JSON.stringify(text)}${place}.`);
}

/**
 * Reads `4`, `1:9` or `1:2:9`, the way Julia writes a range.
 * @throws ManagerError SPEC_INVALID for anything else.
 */
export function parseScaleTarget(text: string): number | ScaleRange {
  const numbers = text.split(":").map((part) => wholeNumber(part, text));
  const [first = 0, second = 0, third] = numbers;
  if (numbers.length === 1) return first;
  if (numbers.length === 2) return { start: first, stop: second };
  if (numbers.length === 3 && third !== undefined)
    return { start: first, step: second, stop: third };
  throw invalid(
    `A range of scales has at most three numbers, not ${numbers.length}: ${JSON.stringify(text)}.`,
  );
}

/**
 * The numbers of workers that a range goes through; like Julia's, it ends before `stop` where the step passes over it.
 * @throws ManagerError SPEC_INVALID for a range that is empty, has a step of 0, negative numbers or more than 10,000 steps.
 */
export function scaleSteps({ start, step = 1, stop }: ScaleRange): number[] {
  const text = `${start}:${step}:${stop}`;
  if (![start, step, stop].every((value) => Number.isSafeInteger(value))) {
    throw invalid(`A scale must be made of whole numbers, not ${text}.`);
  }
  if (step === 0) throw invalid(`The range ${text} has a step of 0.`);
  if (start < 0 || stop < 0) throw invalid(`The range ${text} has a negative number of workers.`);
  const count = Math.floor((stop - start) / step) + 1;
  if (count < 1) throw invalid(`The range ${text} is empty.`);
  if (count > MAX_STEPS)
    throw invalid(`The range ${text} has ${count} steps; at most ${MAX_STEPS} are allowed.`);
  return Array.from({ length: count }, (_, index) => start + index * step);
}
