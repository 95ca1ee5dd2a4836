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
      `Docker Engine ${found.version} answers at ${found.address}; it is used as it is.`,
    );
    return found;
  }
  if (found.chosen) {
    const settings = "DOCKER_HOST, DOCKER_CONTEXT or `docker context use`";
    throw new Problem(
      `${found.reason}\nIt is the engine of your settings (${settings}): start it, or change them.`,
    );
  }
  if (!canInstallPackages()) throw new Problem(`${found.reason}\n${advice()}`);
  if (!isOnPath("dockerd"))
    await installPackages(["docker.io", "iptables", "ca-certificates"], progress);
  // Installing the package may have started it.
  const installed = await findEngine();
  const engine =
    "docker" in installed
      ? installed
      : await progress.step("Starting Docker Engine (dockerd)", startDockerd);
  progress.say(`Docker Engine ${engine.version} answers at ${engine.address}.`);
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
