import { describe, expect, it } from "vitest";
import { decodeCursor } from "./cursor.ts";
import type { LogStream } from "./log-entry.ts";
import { LogProgress } from "./log-progress.ts";

const UNIT = { job: "job", jobUid: "u-1", unit: "master", attempt: 2 };
const SECOND = 1_000_000_000n;
const LINE = Buffer.from("x");
const BOTH: LogStream[] = ["stdout", "stderr"];

describe("LogProgress", () => {
  it("makes cursors that say where they are", () => {
    const progress = new LogProgress(UNIT, {}, undefined);
    progress.begin(BOTH);
    progress.accept("stdout", 5n, LINE);
    expect(decodeCursor(progress.accept("stdout", 5n, LINE)?.cursor ?? "")).toEqual({
      jobUid: "u-1",
      unit: "master",
      attempt: 2,
      stream: "stdout",
      timeNs: 5n,
      ordinal: 1,
    });
  });

  it("drops what was read before, in each stream", () => {
    const progress = new LogProgress(UNIT, {}, undefined);
    expect(progress.begin(BOTH)).toBeUndefined();
    for (const time of [1n, 2n, 2n]) progress.accept("stdout", time, LINE);
    progress.accept("stderr", 1n, LINE);
    progress.begin(BOTH);
    const again = [1n, 2n, 2n, 2n, 3n].map(
      (time) => progress.accept("stdout", time, LINE) !== undefined,
    );
    expect(again).toEqual([false, false, false, true, true]);
    expect(progress.accept("stderr", 1n, LINE)).toBeUndefined();
    expect(progress.accept("stderr", 2n, LINE)).toBeDefined();
  });

  it("begins again a little earlier, for what was written late to the other stream", () => {
    const progress = new LogProgress(UNIT, {}, undefined);
    progress.begin(BOTH);
    progress.accept("stdout", 100n * SECOND, LINE);
    expect(progress.begin(BOTH)).toBe(90n * SECOND);
    expect(progress.accept("stderr", 95n * SECOND, LINE)).toBeDefined();
  });

  it("reads a stream without cursor from its beginning", () => {
    const after = { stdout: { timeNs: 100n * SECOND, ordinal: 0 } };
    expect(new LogProgress(UNIT, after, undefined).begin(BOTH)).toBeUndefined();
    expect(new LogProgress(UNIT, after, undefined).begin(["stdout"])).toBe(100n * SECOND);
  });

  it("drops what an engine sends again to a follower, and only that", () => {
    const progress = new LogProgress(UNIT, {}, undefined);
    progress.begin(BOTH, true);
    const sent = [1n, 2n, 3n, 2n, 3n, 3n, 4n].map((time) => progress.accept("stdout", time, LINE));
    expect(sent.map((entry) => entry !== undefined)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
    expect(progress.accept("stdout", 4n, Buffer.from("y"))).toBeDefined();
  });

  it("gives nothing of an earlier time than wanted", () => {
    const progress = new LogProgress(UNIT, {}, 10n);
    expect(progress.begin(BOTH)).toBe(10n);
    expect(progress.accept("stdout", 9n, LINE)).toBeUndefined();
    expect(progress.accept("stdout", 10n, LINE)).toBeDefined();
  });
});
