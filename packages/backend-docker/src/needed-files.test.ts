import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  messageQ,
  makePlan,
  makeSpec,
  JobTypeRegistry,
  planContext,
  toConfig,
} from "@juliarun/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseMissingFiles } from "./needed-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jrun-files-"));
});

afterEach(async () => rm(folder, { recursive: true }));

async function check(cfgFile: string, path = folder): Promise<void> {
  const types = new JobTypeRegistry();
  const config = toConfig({ storage: { hostpath: [{ name: "data", path }] } });
  const request = messageQ({ name: "queue", cfgFile, runVolume: "data" });
  const type = types.get(request.type);
  const context = planContext(config, { baseDir: "/" });
  await refuseMissingFiles(makePlan(type, makeSpec(type, request), context));
}

test("refuses a file that is not on the volume, and says where it belongs", async () => {
  await expect(check("queue/nowhere.conf")).rejects.toMatchObject({
    code: "SPEC_INVALID",
    message: "There is no file /mnt/data/queue/nowhere.conf.",
    hint: expect.stringContaining(join(folder, "queue/nowhere.conf")),
  });
});

test("takes one that is there, one that a link may lead to, and what it cannot see", async () => {
  await writeFile(join(folder, "queue.conf"), "");
  await expect(check("queue.conf")).resolves.toBeUndefined();
  await symlink("/mnt/data/elsewhere", join(folder, "link"));
  await expect(check("link/queue.conf")).resolves.toBeUndefined();
  await expect(check("/etc/rabbitmq/rabbitmq.conf")).resolves.toBeUndefined();
  await expect(check("nowhere.conf", "/nonexistent")).resolves.toBeUndefined();
});
