import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const EXIT_INVALID = 2;
const ENFORCE = "pod-security.kubernetes.io/enforce";
const scratch = { scratch: [{ name: "juliarun", capacity: "16Mi" }] };
const SIZES = ["--cpu", "20m", "--memory", "32Mi"];

/** A namespace of that standard; jobs of volume `juliarun`, of the kind given, run as that user. */
async function createOf(
  standard: "baseline" | "restricted",
  user: string,
  onTestFinished: (end: () => Promise<void>) => void,
): Promise<KubeWorkspace> {
  const cluster = inject("kubernetes");
  if (!cluster.available) throw new Error(cluster.reason);
  const sh = { image: cluster.images.busybox, executable: "sh", user };
  const workspace = await KubeWorkspace.create({
    labels: { [ENFORCE]: standard },
    config: { storage: scratch, images: { sh, julia: sh } },
    onTestFinished,
  });
  await writeFile(join(workspace.folder, "hello.sh"), 'echo "hello of $(id -u)"\n');
  return workspace;
}

describe.skipIf(whyNoKubernetes() !== undefined)(
  "a namespace with Pod Security",
  { concurrent: true },
  () => {
    test("baseline runs a job of a scratch volume", async ({ onTestFinished }) => {
      await using workspace = await createOf("baseline", "0", onTestFinished);
      const output = await workspace.jrun("run", "--name", "hello", ...SIZES, "hello.sh");
      expect(output).toContain("hello of 0\n");
    });

    test("baseline refuses a hostpath volume at submit, by the standard's name, and keeps nothing", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({
        labels: { [ENFORCE]: "baseline" },
        onTestFinished,
      });
      const { exitCode, stderr } = await workspace.run(
        ...(await workspace.submitLine("no", "true")),
      );
      expect(exitCode).toBe(EXIT_INVALID);
      expect(stderr).toMatch(/enforces the Pod Security standard baseline.*hostPath/);
      expect(stderr).toContain(workspace.namespace);
      expect(await workspace.jobs()).toEqual([]);
      expect(await workspace.objects()).toEqual([]);
    });

    test("restricted runs a script as a user in numbers", async ({ onTestFinished }) => {
      await using workspace = await createOf("restricted", "1000", onTestFinished);
      const output = await workspace.jrun("run", "--name", "hello", ...SIZES, "hello.sh");
      expect(output).toContain("hello of 1000\n");
      expect((await workspace.job("hello")).status).toMatchObject({ succeeded: true });
    });

    test("restricted refuses an image of root at submit, by the standard's name, and keeps nothing", async ({
      onTestFinished,
    }) => {
      await using workspace = await createOf("restricted", "0", onTestFinished);
      const { exitCode, stderr } = await workspace.run("run", "--name", "no", ...SIZES, "hello.sh");
      expect(exitCode).toBe(EXIT_INVALID);
      expect(stderr).toMatch(/enforces the Pod Security standard restricted.*runAsNonRoot/);
      expect(await workspace.jobs()).toEqual([]);
      expect(await workspace.objects()).toEqual([]);
    });
  },
);
