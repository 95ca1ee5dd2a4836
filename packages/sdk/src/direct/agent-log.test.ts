import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AgentLog, agentLogFile } from "./agent-log.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "jrun-unit-"))));
afterEach(async () => rm(folder, { recursive: true }));

it("appends lines, for its owner only", async () => {
  for (const text of ["one", "two"]) {
    const log = new AgentLog(folder);
    log.write(text);
    log.close();
  }
  const file = agentLogFile(folder);
  expect(await readFile(file, "utf8")).toMatch(/^\S+ \[\d+\] one\n\S+ \[\d+\] two\n$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it("begins anew when it has become long, whoever made it so", async () => {
  const log = new AgentLog(folder);
  await appendFile(agentLogFile(folder), Buffer.alloc((1 << 20) + 1, "x"));
  log.write("short");
  log.close();
  expect((await stat(agentLogFile(folder))).size).toBeLessThan(100);
});
