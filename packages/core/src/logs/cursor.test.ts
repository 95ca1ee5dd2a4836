import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isManagerError } from "../errors/manager-error.ts";
import {
  DoubleFilter,
  OrdinalCounter,
  cursorPrefix,
  decodeCursor,
  encodeCursor,
  encodeCursorOf,
  type LogPosition,
} from "./cursor.ts";

const positions: fc.Arbitrary<LogPosition> = fc.record({
  jobUid: fc.uuid(),
  unit: fc.oneof(
    fc.constant("master"),
    fc.nat(99_999).map((index) => `worker-${index}`),
  ),
  attempt: fc.nat(1000),
  stream: fc.constantFrom("stdout", "stderr"),
  timeNs: fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }),
  ordinal: fc.nat(1_000_000),
});

const other = (text: string): string => Buffer.from(text).toString("base64url");

/** What a reader sees of entries at these times. */
function read(times: readonly bigint[], filter: DoubleFilter): string[] {
  const counter = new OrdinalCounter();
  return times.flatMap((timeNs) => {
    const ordinal = counter.next(timeNs);
    return filter.isNew(timeNs, ordinal) ? [`${timeNs}.${ordinal}`] : [];
  });
}

describe("cursors", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(positions, (position) => {
        const cursor = encodeCursor(position);
        expect(decodeCursor(cursor)).toEqual(position);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(encodeCursorOf(cursorPrefix(position), position.timeNs, position.ordinal)).toBe(
          cursor,
        );
      }),
    );
  });

  it("refuse every other text", () => {
    const texts = ["", "x", other("2/u/master/0/stdout/1/0"), other("1/u/master/0/stdin/1/0")];
    for (const text of [...texts, other("1/u/boss/0/stdout/1/0"), other("1/u/master/0/stdout/1")]) {
      let thrown: unknown;
      try {
        decodeCursor(text);
      } catch (error) {
        thrown = error;
      }
      expect(isManagerError(thrown, "SPEC_INVALID")).toBe(true);
    }
  });
});

describe("reading again", () => {
  it("continues after any entry, with several at one time", () => {
    const times = [1n, 2n, 2n, 2n, 5n, 5n, 6n];
    const all = read(times, new DoubleFilter(undefined));
    for (const [index, each] of all.entries()) {
      const [timeNs, ordinal] = each.split(".");
      const place = { timeNs: BigInt(timeNs ?? 0), ordinal: Number(ordinal) };
      // The engine begins at the first entry of that time.
      const from = times.filter((time) => time >= place.timeNs);
      expect(read(from, new DoubleFilter(place))).toEqual(all.slice(index + 1));
    }
  });

  it("loses nothing when the clock is set back after the place", () => {
    const filter = new DoubleFilter({ timeNs: 5n, ordinal: 0 });
    expect(read([5n, 6n, 3n, 4n], filter)).toEqual(["6.0", "3.0", "4.0"]);
  });
});
