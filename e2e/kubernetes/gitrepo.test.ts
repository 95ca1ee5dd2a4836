import { randomBytes } from "node:crypto";
import { describe, expect, inject, test, vi } from "vitest";
import {
  FORGE_PORTS,
  FORGE_READY,
  FORGE_REPOSITORY,
  FORGE_USER,
  forgeScript,
  GIT,
} from "../jrun/git-forge.ts";
import { podsOf } from "./pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const reason = whyNoKubernetes();

const PATIENCE = { timeout: 60_000, interval: 500 };

/** Makes a repository whose branch `feature` has three commits, one more than `main`, and serves it. */
const SERVE = `set -e
cd /mnt/juliarun
git init --quiet --bare --initial-branch main code.git
git init --quiet --initial-branch main /tmp/work
cd /tmp/work
commit() { echo "$1" >greeting; git add greeting; ${GIT} commit --quiet --message "$1"; }
commit first
commit second
git checkout --quiet -b feature
commit third
git push --quiet /mnt/juliarun/code.git main feature
exec git daemon --export-all --base-path=/mnt/juliarun --port=9418
`;

const FEATURE = "code.git/refs/heads/feature";
const PASSWORD = `token-${randomBytes(8).toString("hex")}`;

/** A workspace with volumes that are repositories, and a job that serves them. */
async function served(): Promise<KubeWorkspace> {
  const repository = "git://forge/code.git";
  const workspace = await KubeWorkspace.create({
    git: true,
    storage: {
      gitrepo: [
        { name: "whole", repository },
        { name: "branch", repository, ref: "feature", depth: 1 },
        { name: "missing", repository: "git://forge/missing.git" },
        { name: "nowhere", repository, ref: "nowhere", depth: 1 },
      ],
    },
  });
  const ports = ["--ports", "git:9418:9418"];
  await workspace.submit("forge", SERVE, "--image", "git", "--cpu", "20m", ...ports);
  // Listens by then or a moment later: who clones tries again.
  await vi.waitFor(async () => workspace.readFile(FEATURE), PATIENCE);
  return workspace;
}

describe.skipIf(reason !== undefined)("a volume that is a git repository, on Kubernetes", () => {
  test("is a clone for each job, which may change it", async () => {
    await using workspace = await served();
    const before = await workspace.readFile(FEATURE);
    const look = `cat greeting; git rev-list --count HEAD`;
    const change = `echo changed >greeting; ${GIT} commit --quiet --all --message changed; cat greeting`;
    const flags = ["--image", "git", "--cpu", "20m"];
    for (const [name, volume, shown] of [
      ["first", "branch", "third\n1\nchanged\n"],
      ["again", "branch", "third\n1\nchanged\n"],
      ["whole", "whole", "second\n2\nchanged\n"],
    ] as const) {
      const script = `set -e\ncd /mnt/${volume}\n${look}\n${change}\n`;
      await workspace.submit(name, script, "--additional-volumes", volume, ...flags);
      expect(await workspace.jrun("wait", name)).toContain(`${name} succeeded`);
      expect(await workspace.jrun("logs", name)).toBe(shown);
    }
    expect(await workspace.readFile(FEATURE)).toBe(before);
    const [pod] = await podsOf(workspace.client, "first");
    const images = pod?.spec.initContainers?.map(({ image }) => image);
    const cluster = inject("kubernetes");
    expect(images).toEqual(cluster.available ? [cluster.images.git] : []);
  });

  test("that cannot be cloned is named, while it is tried again and when the job has failed", async () => {
    await using workspace = await served();
    const once = ["--restart", "never", "--cpu", "20m"];
    for (const [volume, words] of [
      ["missing", "Repository git://forge/missing.git cannot be cloned: fatal: "],
      ["nowhere", "Repository git://forge/code.git cannot be cloned: fatal: "],
    ] as const) {
      await workspace.submit(volume, "echo never", "--additional-volumes", volume, ...once);
      const { exitCode, stdout } = await workspace.run("wait", volume);
      expect(exitCode).toBe(1);
      expect(stdout).toContain(words);
      const { status } = await workspace.job(volume);
      expect(status).toMatchObject({ phase: "failed", reason: "VolumeUnavailable" });
    }
    await workspace.submit(
      "patient",
      "echo never",
      "--additional-volumes",
      "missing",
      "--cpu",
      "20m",
    );
    await vi.waitFor(async () => {
      expect(await workspace.jrun("status", "patient")).toContain("missing.git cannot be cloned");
    }, PATIENCE);
    expect((await workspace.job("patient")).status.phase).not.toBe("failed");
  });
});

const cluster = inject("kubernetes");
const noForge =
  reason ??
  (cluster.available && cluster.images.gitserver === undefined ? "no gitserver image" : undefined);

describe.skipIf(noForge !== undefined)(
  `a repository with a password, on Kubernetes ${noForge ?? ""}`,
  () => {
    test("is cloned with the token of a Secret, which pods of the job do not see", async () => {
      const [repository, username] = [FORGE_REPOSITORY, FORGE_USER];
      await using workspace = await KubeWorkspace.create({
        gitserver: true,
        storage: {
          gitrepo: [
            {
              name: "branch",
              repository,
              username,
              ref: "feature",
              depth: 1,
              credential: "forge-token",
            },
            { name: "wrong", repository, username, credential: "forge-wrong" },
          ],
        },
      });
      const { client } = workspace;
      for (const [name, token] of [
        ["forge-token", PASSWORD],
        ["forge-wrong", "wrong"],
      ] as const)
        await client.create(client.path("secrets"), { metadata: { name }, stringData: { token } });
      const flags = ["--image", "git", "--cpu", "20m", "--memory", "128Mi"];
      await workspace.submit("forge", forgeScript(PASSWORD), ...flags, ...FORGE_PORTS);
      await vi.waitFor(async () => workspace.readFile(FORGE_READY), PATIENCE);

      const script = "cat /mnt/branch/greeting; git -C /mnt/branch rev-list --count HEAD; env";
      await workspace.submit("reader", script, "--additional-volumes", "branch", ...flags);
      expect(await workspace.jrun("wait", "reader")).toContain("reader succeeded");
      const output = await workspace.jrun("logs", "reader");
      expect(output).toContain("third\n1\n");
      expect(output).not.toContain(PASSWORD);
      expect(JSON.stringify(await podsOf(client, "reader"))).not.toContain(PASSWORD);

      const once = ["--restart", "never", "--additional-volumes", "wrong"];
      await workspace.submit("locked", "echo never", ...flags, ...once);
      const { exitCode, stdout } = await workspace.run("wait", "locked");
      expect(exitCode).toBe(1);
      expect(stdout).toContain(`Repository ${FORGE_REPOSITORY} cannot be cloned: `);
      expect(stdout).toContain("Authentication failed");
    });
  },
);
