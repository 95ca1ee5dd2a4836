import { describe, expect, it } from "vitest";
import { Handover } from "./handover.ts";

describe("Handover", () => {
  it("lets a giver wait until its item was taken", async () => {
    const handover = new Handover<number>();
    const given: number[] = [];
    const give = async (): Promise<void> => {
      for (const item of [1, 2, 3]) {
        await handover.give(item);
        given.push(item);
      }
      handover.end();
    };
    const giving = give();
    const seen: [number, number][] = [];
    for await (const item of handover.take()) seen.push([item, given.length]);
    await giving;
    expect(seen).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  it("frees the giver when the taker leaves in the middle", async () => {
    const handover = new Handover<number>();
    const giving = handover.give(1);
    for await (const item of handover.take()) if (item === 1) break;
    await expect(giving).resolves.toBeUndefined();
  });

  it("frees givers at the end, and passes an error on", async () => {
    const handover = new Handover<number>();
    const giving = handover.give(1);
    handover.fail(new Error("broken"));
    await giving;
    await handover.give(2);
    await expect(handover.take().next()).rejects.toThrow("broken");
  });
});
