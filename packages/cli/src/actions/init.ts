import { mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { CONFIG_FILE, DEFAULT_VOLUME, ManagerError, renderInitialConfig } from "@juliarun/sdk";
import type { Command } from "commander";
import type { Session } from "../session.ts";

interface InitOptions {
  readonly image?: string;
  readonly executable: string;
  readonly clustertype: "Docker" | "Kubernetes";
  readonly force?: boolean;
}

/** `jrun init`: writes the configuration, and makes the folder of its volume. */
export async function init(session: Session, command: Command): Promise<void> {
  const options = command.opts<InitOptions>();
  const { executable, clustertype, force = false } = options;
  const image = options.image ?? (await proposeImage(session, clustertype));
  const folder = resolve(session.io.cwd, command.args[0] ?? ".");
  const file = join(folder, CONFIG_FILE);
  const volume = join(folder, DEFAULT_VOLUME);
  const text = renderInitialConfig({
    image,
    executable,
    clustertype,
    volumePath: `./${DEFAULT_VOLUME}`,
  });
  await mkdir(folder, { recursive: true });
  await writeNew(file, text, force);
  await mkdir(volume, { recursive: true });
  const shown = (path: string): string => relative(session.io.cwd, path) || ".";
  await session.out.line(
    `wrote ${shown(file)}; jobs see ${shown(volume)} as /mnt/${DEFAULT_VOLUME}`,
  );
  if (clustertype === "Kubernetes")
    await session.note(
      "The cluster's nodes need that folder at the same path; docs/kubernetes.md names other storage.",
    );
  await session.note(
    "Next: `jrun doctor` examines the engine, `jrun run <script.jl>` runs a program.",
  );
}

/** Of a cluster's images nothing is known here. */
async function proposeImage(
  session: Session,
  clustertype: InitOptions["clustertype"],
): Promise<string> {
  const { findJuliaImage, OFFICIAL_JULIA_IMAGE } = await import("@juliarun/sdk/docker");
  if (clustertype === "Kubernetes") return OFFICIAL_JULIA_IMAGE;
  const image = await findJuliaImage(session.io.env);
  if (image !== OFFICIAL_JULIA_IMAGE)
    await session.note(
      `Jobs use the image ${image}, which the engine has; \`--image\` names another.`,
    );
  return image;
}

async function writeNew(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "EEXIST") {
      throw new ManagerError("STATE_CONFLICT", `${file} exists already.`, {
        hint: "`--force` overwrites it.",
        cause: error,
      });
    }
    throw new ManagerError("CONFIG_INVALID", `${file} cannot be written (${String(error.code)}).`, {
      hint: "Choose a folder that you may write to.",
      cause: error,
    });
  }
}
