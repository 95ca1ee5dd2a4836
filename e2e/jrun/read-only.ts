import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { JrunFolder } from "./jrun-folder.ts";

const EXIT_INVALID = 2;

/** A read-only volume is read and never written: what would have to write to it is refused before anything is made. */
export async function readOnlyIsKept(place: JrunFolder): Promise<void> {
  const frozen = join(place.volume, "frozen");
  await mkdir(frozen);
  await place.file("frozen/data", "kept\n");
  const hostpath = [
    { name: "juliarun", path: place.volume, readonly: false },
    { name: "frozen", path: frozen, readonly: true },
  ];
  await place.configure({ storage: { hostpath } });
  const volume = ["--additional-volumes", "frozen", "--restart", "never"];
  await place.submit("reader", "cat /mnt/frozen/data; echo lost >/mnt/frozen/data", ...volume);
  await place.run("wait", "reader");
  expect((await place.job("reader")).status).toMatchObject({ phase: "failed", reason: "ExitCode" });
  const { stdout, stderr: problem } = await place.run("logs", "reader");
  expect([stdout, problem]).toEqual(["kept\n", expect.stringMatching(/Read-only file system/i)]);
  expect(await place.readFile("frozen/data")).toBe("kept\n");
  const line = await place.submitLine("writer", "true");
  const onFrozen = line.map((word) => (word === "juliarun" ? "frozen" : word));
  for (const [args, message] of [
    [onFrozen, "is frozen, which is read-only: the job's working folder is made on it"],
    [["cp", "config.json", "frozen:copy"], "Volume frozen is read-only"],
  ] as const) {
    const { exitCode, stderr } = await place.run(...args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: EXIT_INVALID });
    expect(stderr).toContain(message);
  }
  expect((await place.jobs()).map(({ name }) => name)).toEqual(["reader"]);
  expect(await readdir(frozen)).toEqual(["data"]);
}
