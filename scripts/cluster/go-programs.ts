import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Progress } from "../progress/progress.ts";
import { cacheFolder, ensureCacheFolder } from "./cache-folder.ts";
import { command } from "./command.ts";
import { ensureGo } from "./go.ts";
import { versions } from "./versions.ts";

/** The folder with the Go module of the node's programs. */
export const moduleFolder = fileURLToPath(new URL("kubernetes", import.meta.url));

/** The path of a program installed from a Go module; a second call finds it in the cache folder. */
export async function ensureGoProgram(
  module: string,
  version: string,
  progress: Progress,
): Promise<string> {
  const name = module.slice(module.lastIndexOf("/") + 1);
  const folder = join(cacheFolder(), "programs", `${name}-${version}`);
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const go = await ensureGo(progress);
  await progress.step(`Building ${name} ${version} from its Go module`, async () => {
    await ensureCacheFolder("programs", `${name}-${version}`);
    await command(go, ["install", "-trimpath", "-ldflags=-s -w", `${module}@${version}`], {
      env: { CGO_ENABLED: "0", GOBIN: folder },
      purpose: `Building ${name}`,
      lowPriority: true,
    });
  });
  return path;
}

/** Builds a program of {@link moduleFolder} into `target`. */
export async function buildNodeProgram(
  go: string,
  source: "." | "./pause",
  target: string,
): Promise<void> {
  const [, minor = ""] = versions.kubernetes.split(".");
  const version = "k8s.io/component-base/version";
  // A release gets its version when it is linked: kubeadm and kubelet compare theirs.
  const stamps = [
    ["gitVersion", versions.kubernetes],
    ["gitMajor", "1"],
    ["gitMinor", minor],
  ].map(([name, value]) => `-X ${version}.${name}=${value}`);
  const flags = ["-trimpath", "-buildvcs=false", "-ldflags", ["-s -w", ...stamps].join(" ")];
  await command(go, ["build", ...flags, "-o", `${target}.new`, source], {
    cwd: moduleFolder,
    env: { CGO_ENABLED: "0", GOOS: "linux" },
    purpose: "Building Kubernetes from its Go modules",
    lowPriority: true,
  });
  // A build that was cut short leaves no file that looks whole.
  await rename(`${target}.new`, target);
}
