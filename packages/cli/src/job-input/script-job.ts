import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import {
  juliaBatch,
  juliaParBatch,
  ManagerError,
  MAX_JOB_NAME_LENGTH,
  placedFile,
  toJobName,
  type JobRequest,
  type PlacedFile,
} from "@juliarun/sdk";

const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const SUFFIX_LENGTH = 5;

/** What `jrun run` was told about the job, as text. */
export interface ScriptJobOptions {
  readonly name?: string;
  readonly image?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly nworkers?: string;
  readonly env?: readonly string[];
  readonly restart: string;
}

/** What of this machine travels with a job. */
export interface ScriptFiles {
  readonly script: PlacedFile;
  /** The files of a Julia project, `Project.toml` among them; none where there is no project. */
  readonly project: readonly PlacedFile[];
}

/** A job that runs a script of this machine. */
export function scriptJob(
  { script: file, project }: ScriptFiles,
  args: readonly string[],
  runVolume: string,
  options: ScriptJobOptions,
): JobRequest {
  const { name = freshName(file.name), image, cpu, memory, nworkers, env, restart } = options;
  const constructor = nworkers === undefined ? juliaBatch : juliaParBatch;
  const request = constructor({
    name,
    startScript: file.name,
    runVolume,
    files: [file, ...project],
    ...(project.length === 0 ? {} : { project: "Project.toml" }),
  });
  // Texts are checked by the job type's schema, like those of `jrun submit`.
  const given = { image, cpu, memory, nworkers, envvars: env, restart, args };
  return { ...request, parameters: { ...request.parameters, ...given } };
}

/** A name that no job has yet, made from the script's. */
export function freshName(script: string): string {
  const suffix = Array.from(
    { length: SUFFIX_LENGTH },
    () => LETTERS[randomInt(LETTERS.length)],
  ).join("");
  const base = toJobName(script.replace(/\.jl$/i, "")) ?? "script";
  return `${base.slice(0, MAX_JOB_NAME_LENGTH - SUFFIX_LENGTH - 1).replace(/-+$/, "")}-${suffix}`;
}

/** A script, to travel with its job. @throws ManagerError SPEC_INVALID when it cannot be read. */
export async function readScript(path: string, cwd: string): Promise<PlacedFile> {
  try {
    const content = await readFile(resolve(cwd, path));
    return placedFile(basename(path).replaceAll(/[^A-Za-z0-9._-]/g, "_"), content);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const problem =
      { ENOENT: "does not exist", EISDIR: "is a folder" }[code] ?? `cannot be read (${code})`;
    throw new ManagerError("SPEC_INVALID", `The script ${path} ${problem}.`, {
      hint: "Name a file on this machine; `jrun submit` runs scripts on volumes.",
      cause: error,
    });
  }
}
