import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test, vi } from "vitest";
import {
  FORGE_PORTS,
  FORGE_READY,
  FORGE_REPOSITORY,
  FORGE_USER,
  forgeScript,
  GIT,
} from "../jrun/git-forge.ts";
import { Workspace } from "../jrun/workspace.ts";

const { available, images } = inject("docker");
const reason = available ? undefined : "there is no Docker Engine";
const missing = reason ?? (images.gitserver === undefined ? "no gitserver image" : undefined);
const PATIENCE = { timeout: 60_000, interval: 250 };
const PASSWORD = `token-${randomBytes(8).toString("hex")}`;
const FEATURE = "code.git/refs/heads/feature";

/** A workspace with volumes that are repositories of a forge that asks for a password, and the job that is the forge. */
async function served(): Promise<Workspace> {
  const repository = FORGE_REPOSITORY;
  const username = FORGE_USER;
  const workspace = await Workspace.create({
    config: {
      storage: {
        hostpath: [{ name: "juliarun", path: "juliarun" }],
        gitrepo: [
          { name: "whole", repository, username, credential: { file: "token" } },
          {
            name: "branch",
            repository,
            username,
            ref: "feature",
            depth: 1,
            credential: { env: "FORGE_TOKEN" },
          },
          { name: "open", repository },
          { name: "wrong", repository, username, credential: { file: "wrong" } },
          { name: "nowhere", repository, username, ref: "nope", credential: { file: "token" } },
          { name: "cluster", repository, credential: "forge-token" },
          { name: "unread", repository, credential: { file: "no-token" } },
          { name: "plain", repository: "http://forge/x.git", credential: { file: "token" } },
        ],
      },
      images: {
        sh: { image: images.busybox, executable: "sh" },
        git: { image: images.gitserver, executable: "sh" },
      },
    },
  });
  await writeFile(join(workspace.folder, "token"), `${PASSWORD}\n`);
  await writeFile(join(workspace.folder, "wrong"), "wrong");
  vi.stubEnv("FORGE_TOKEN", PASSWORD);
  const flags = ["--image", "git", "--cpu", "100m", "--memory", "256Mi", ...FORGE_PORTS];
  await workspace.submit("forge", forgeScript(PASSWORD), ...flags);
  await vi.waitFor(async () => workspace.readFile(FORGE_READY), PATIENCE);
  return workspace;
}

/** What the engine tells of the containers that are there, and all that is in the state folder. */
async function traces(workspace: Workspace): Promise<string> {
  const containers = await workspace.containers();
  const shown = await Promise.all(
    containers.map(async ({ Id }) =>
      JSON.stringify(await workspace.docker.getContainer(Id).inspect()),
    ),
  );
  const names = await readdir(workspace.stateFolder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const state = await Promise.all(
    files.map(async ({ parentPath, name }) => readFile(join(parentPath, name), "latin1")),
  );
  return [...shown, ...state].join("\n");
}

describe.skipIf(missing !== undefined)(
  `a volume that is a git repository, on the Docker Engine ${missing ?? ""}`,
  () => {
    test("is a clone for each job, with a password that is nowhere to be seen", async () => {
      const workspace = await served();
      const before = await workspace.readFile(FEATURE);
      const look = `cat greeting; git rev-list --count HEAD`;
      const change = `echo changed >greeting; ${GIT} commit --quiet --all --message changed; cat greeting`;
      const flags = ["--image", "git", "--cpu", "100m", "--memory", "128Mi"];
      for (const [name, volume, shown] of [
        ["first", "branch", "third\n1\nchanged\n"],
        ["again", "branch", "third\n1\nchanged\n"],
        ["whole", "whole", "second\n2\nchanged\n"],
      ] as const) {
        const script = `set -e\ncd /mnt/${volume}\n${look}\n${change}\nenv; ls /juliarun || true\n`;
        await workspace.submit(name, script, "--additional-volumes", volume, ...flags);
        expect(await workspace.jrun("wait", name)).toContain(`${name} succeeded`);
        const output = await workspace.jrun("logs", name, "--stream", "stdout");
        expect(output.startsWith(shown)).toBe(true);
        expect(output).not.toContain(PASSWORD);
      }
      expect(await workspace.readFile(FEATURE)).toBe(before);
      // Its own script has it, on the run volume.
      await workspace.jrun("delete", "forge", "--force");
      const text = await traces(workspace);
      expect(text).toContain(FORGE_REPOSITORY);
      expect(text).not.toContain(PASSWORD);
      for (const name of ["first", "again", "whole"]) await workspace.jrun("delete", name);
      expect(await workspace.containers()).toEqual([]);
      const label = [`juliarun.namespace=${workspace.namespace}`];
      const { Volumes } = await workspace.docker.listVolumes({ filters: { label } });
      expect(Volumes).toEqual([]);
    });

    test("that cannot be cloned fails the job, in git's words, and leaves nothing", async () => {
      const workspace = await served();
      const once = ["--restart", "never", "--image", "sh"];
      for (const [volume, words] of [
        ["open", "could not read Username"],
        ["wrong", "Authentication failed"],
        ["nowhere", "nope"],
      ] as const) {
        await workspace.submit(volume, "echo never", "--additional-volumes", volume, ...once);
        const { exitCode, stdout } = await workspace.run("wait", volume);
        expect(exitCode).toBe(1);
        expect(stdout).toContain(`Repository ${FORGE_REPOSITORY} cannot be cloned: `);
        expect(stdout).toContain(words);
        const { status } = await workspace.job(volume);
        expect(status).toMatchObject({ phase: "failed", reason: "VolumeUnavailable" });
      }
      const names = (await workspace.containers()).flatMap(({ Names }) => Names);
      expect(names).toEqual([expect.stringContaining("_forge_")]);
    });

    test("is refused at submit where its credential cannot be used", async () => {
      const workspace = await served();
      for (const [volume, exitCode, words] of [
        ["cluster", 7, "the Docker Engine keeps no secrets"],
        ["unread", 2, "cannot be read"],
        ["plain", 7, "not one of https"],
      ] as const) {
        const line = await workspace.submitLine("job", "true", "--additional-volumes", volume);
        expect(await workspace.run(...line)).toMatchObject({
          exitCode,
          stderr: expect.stringContaining(words),
        });
      }
      expect((await workspace.jobs()).map(({ name }) => name)).toEqual(["forge"]);
    });
  },
);
