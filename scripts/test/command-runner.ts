import { execa } from "execa";
import { elapsed } from "../progress/progress.ts";
import { root } from "../workspace.ts";

/** Runs a command for a part of the test run, and shows what it writes; true when it ended with 0. */
export type CommandRunner = (
  part: string,
  command: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<boolean>;

/** Shows output as it comes: for parts that run alone. */
export const runShown: CommandRunner = async (part, command, args, env = {}) => {
  console.log(`\n==> ${part}: ${[command, ...args].join(" ")}`);
  const { failed, timedOut } = await execa(command, args, {
    ...options,
    env: { ...options.env, ...env },
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
  if (timedOut) console.log(`==> ${part}: FAILED, still running after ${timeoutMs / 60_000} min`);
  return !failed;
};

/** Shows output at the end, and only of what failed: for parts that run side by side. */
export const runQuietly: CommandRunner = async (part, command, args, env = {}) => {
  const startedMs = Date.now();
  const { failed, all } = await execa(command, args, {
    ...options,
    env: { ...options.env, ...env },
    stdin: "ignore",
    all: true,
  });
  console.log(
    `==> ${part}: ${failed ? "FAILED" : "passed"} in ${elapsed(startedMs)}${failed ? `\n${all}` : ""}`,
  );
  return !failed;
};

// A part that hangs must not keep a CI machine.
const timeoutMs = 25 * 60_000;

const options = {
  timeout: timeoutMs,
  cwd: root,
  reject: false,
  env: { TURBO_TELEMETRY_DISABLED: "1" },
} as const;
