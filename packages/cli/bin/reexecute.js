import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Runs the launcher again on the `node` package's binary, and ends as that process ends. */
export function reexecute(neededMajor) {
  const binary = findBinary();
  if (binary === undefined) {
    process.stderr.write(
      `jrun needs Node ${neededMajor} or newer; this is ${process.version}.\n` +
        `Install Node ${neededMajor}, or add it beside jrun: npm install node@${neededMajor}\n`,
    );
    process.exitCode = 1;
    return;
  }
  const launcher = fileURLToPath(new URL("./jrun.js", import.meta.url));
  const child = spawn(binary, [launcher, ...process.argv.slice(2)], { stdio: "inherit" });
  const forwarded = forwardSignals(child);
  child.on("error", (error) => {
    process.stderr.write(`jrun could not start ${binary}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      for (const name of forwarded) process.removeAllListeners(name);
      process.kill(process.pid, signal);
    }
  });
}

function findBinary() {
  try {
    return createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    return undefined;
  }
}

function forwardSignals(child) {
  // A terminal sends its own signals to the child as well: forwarding would make one Ctrl-C two.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const names = ["SIGTERM", "SIGHUP", "SIGUSR2", "SIGINT", "SIGQUIT"];
  for (const name of names) {
    const alreadySent = onTerminal && (name === "SIGINT" || name === "SIGQUIT");
    process.on(name, () => {
      if (!alreadySent) child.kill(name);
    });
  }
  return names;
}
