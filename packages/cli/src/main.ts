import process from "node:process";
import { Interruption } from "./interruption.ts";
import { runCli } from "./run-cli.ts";

/** How long a command may take to end in order once it has been interrupted. */
const GRACE_MS = 5000;

const abort = new AbortController();

function interrupt(why: Interruption): void {
  // The second Ctrl-C, or a command that does not end: leave at once.
  if (abort.signal.aborted) process.exit(why.exitCode);
  abort.abort(why);
  setTimeout(() => process.exit(why.exitCode), GRACE_MS).unref();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interrupt(Interruption.bySignal(signal)));
}

// `jrun logs | head`: the reader has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  if (!abort.signal.aborted) interrupt(Interruption.byClosedOutput());
});
process.stderr.on("error", () => undefined);

// A command that waits must not end because nothing else keeps the process.
setInterval(() => undefined, 2 ** 30);

const exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  // Opened by who reads it.
  get stdin() {
    return process.stdin;
  },
  env: process.env,
  cwd: process.cwd(),
  signal: abort.signal,
});
// Nothing may keep the process: what had to be finished is finished.
process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
