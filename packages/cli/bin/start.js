import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import process from "node:process";

/** Runs the built command line in this process. */
export async function start() {
  enableCompileCache?.();
  hideExperimentalWarnings();
  const main = new URL("../dist/main.js", import.meta.url);
  if (existsSync(main)) await import(main.href);
  else {
    process.stderr.write("jrun is not built yet. Run `npm run build` (or `npm run quickstart`).\n");
    process.exitCode = 1;
  }
}

// node:sqlite still warns at each start; a flag would need a second process.
function hideExperimentalWarnings() {
  const emit = process.emitWarning.bind(process);
  process.emitWarning = (warning, options, ...rest) => {
    const type = typeof options === "string" ? options : options?.type;
    if (type !== "ExperimentalWarning") emit(warning, options, ...rest);
  };
}
