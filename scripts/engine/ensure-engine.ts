import { Problem } from "../progress/problem.ts";
import type { Progress } from "../progress/progress.ts";
import { canInstallPackages, installPackages, isOnPath } from "./debian.ts";
import { findEngine, type Engine } from "./find-engine.ts";
import { startDockerd } from "./start-dockerd.ts";

/**
 * A Docker Engine that answers: the one that is there, left as it is, or else one from the distribution's
 * packages, where this is root on Debian. Throws a Problem that says what to do otherwise.
 */
export async function ensureEngine(progress: Progress): Promise<Engine> {
  const found = await findEngine();
  if ("docker" in found) {
    progress.say(
      `Docker Engine ${found.version} answers at ${found.address.host}; it is used as it is.`,
    );
    return found;
  }
  if (found.configured) {
    throw new Problem(
      `No Docker Engine answers at ${found.reason}\nStart it, or unset that setting to use the default one.`,
    );
  }
  if (!canInstallPackages()) {
    throw new Problem(`No Docker Engine answers: ${found.reason}\n${advice()}`);
  }
  if (!isOnPath("dockerd"))
    await installPackages(["docker.io", "iptables", "ca-certificates"], progress);
  // Installing the package may have started it.
  const installed = await findEngine();
  const engine =
    "docker" in installed
      ? installed
      : await progress.step("Starting Docker Engine (dockerd)", startDockerd);
  progress.say(`Docker Engine ${engine.version} answers at ${engine.address.host}.`);
  return engine;
}

function advice(): string {
  switch (process.platform) {
    case "darwin":
      return "Start Docker Desktop, Colima or OrbStack, then run this again.";
    case "win32":
      return "Start Docker Desktop, then run this again.";
    default:
      return "Start it (`sudo systemctl start docker`), make sure that you may use its socket (group `docker`), or run this as root on Debian to have it installed.";
  }
}
