import { RootCommand, script } from "@bomb.sh/tab";
import { findConfig, ManagerError, volumeSources } from "@juliarun/sdk";
import type { Command } from "commander";
import { completionModel } from "../command-line/completion-model.ts";
import type { Session } from "../session.ts";

const SHELLS = ["bash", "zsh", "fish"];

/** Longest wait for names of jobs: a shell stands still meanwhile. */
const NAMES_TIMEOUT_MS = 1500;

/** `jrun completion <shell>` */
export async function printCompletion(_session: Session, command: Command): Promise<void> {
  const [shell = ""] = command.args;
  if (!SHELLS.includes(shell)) {
    throw new ManagerError(
      "SPEC_INVALID",
      `There is no completion for ${JSON.stringify(shell)}, only for ${SHELLS.join(", ")}.`,
      {
        hint: "Name your shell: `jrun completion bash`.",
      },
    );
  }
  script(shell, "jrun", "jrun");
}

/** `jrun complete -- <words>`: what the printed script asks at every Tab. */
export async function complete(
  session: Session,
  command: Command,
  program: Command,
): Promise<void> {
  const words = [...command.args];
  const root = new RootCommand();
  const names = {
    jobs: await jobNames(session, words[0]),
    volumes: words[0] === "cp" ? await volumeNames(session) : [],
  };
  completionModel(root, program, names);
  root.parse(words);
}

const WITH_JOBS: ReadonlySet<string> = new Set([
  "status",
  "wait",
  "scale",
  "logs",
  "tail",
  "delete",
  "rm",
  "endpoint",
]);

/** None where they cannot be had quickly: completing must never fail. */
async function jobNames(session: Session, first: string | undefined): Promise<string[]> {
  if (first === undefined || !WITH_JOBS.has(first)) return [];
  try {
    const context = await session.context();
    const signal = AbortSignal.any([session.signal, AbortSignal.timeout(NAMES_TIMEOUT_MS)]);
    return (await context.list({}, { signal })).map((job) => job.name);
  } catch {
    return [];
  }
}

/** From the configuration alone. */
async function volumeNames({ io, options }: Session): Promise<string[]> {
  try {
    const where = { env: io.env, cwd: io.cwd, config: options.config };
    const { config, baseDir } = await findConfig(where);
    return Object.keys(volumeSources(config.storage, baseDir));
  } catch {
    return [];
  }
}
