import { measureDocker } from "./docker/measure-docker.ts";
import { isReached } from "./figure.ts";
import { toMarkdown } from "./figure-table.ts";
import type { Figures } from "./figures.ts";
import { measureKubernetes } from "./kubernetes/measure-kubernetes.ts";
import { parseOptions, USAGE, type BenchOptions } from "./options.ts";
import { awaitQuiet } from "./quiet-machine.ts";

/** Of the processors, by others. */
const MAX_BUSY_SHARE = 0.1;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function readOptions(): BenchOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return undefined;
  }
}

async function measure(options: BenchOptions): Promise<Figures> {
  return options.engine === "docker"
    ? measureDocker(options, say)
    : measureKubernetes(options, say);
}

const options = readOptions();
if (options) {
  say("Waiting for an idle machine …");
  const quiet = await awaitQuiet(MAX_BUSY_SHARE, options.quietTimeoutMs);
  const { machine, figures } = await measure(options);
  const load = quiet ? "Nothing else ran at the beginning." : "**Other programs kept it busy.**";
  process.stdout.write(`${machine}. ${load}\n\n${toMarkdown(figures)}\n`);
  process.exitCode = figures.every((figure) => isReached(figure) !== false) ? 0 : 1;
} else {
  process.exitCode = 2;
}
