/** Whether a number is in a list of numbers and intervals as a Job's status has it, such as `0-4,7`. Pure. */
export function isInIntervals(intervals: string, index: number): boolean {
  if (intervals === "") return false;
  return intervals.split(",").some((interval) => {
    const [first = "", last = first] = interval.split("-");
    return index >= Number(first) && index <= Number(last);
  });
}
