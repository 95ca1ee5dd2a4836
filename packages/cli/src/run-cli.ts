import { CommanderError, type Command } from "commander";
import type { CliIo } from "./cli-io.ts";
import { buildProgram } from "./command-line/program.ts";
import { Runner } from "./command-line/runner.ts";
import { Interruption } from "./interruption.ts";
import { Printer, wantsColor } from "./terminal/printer.ts";

/** Exit code of a command line that cannot be understood. */
const USAGE_EXIT_CODE = 2;

/** Runs one command line and returns its exit code. Never throws: errors are printed. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const runner = new Runner(io);
  const program = buildProgram(runner);
  try {
    if (args.some((arg) => WITH_JOB_TYPES.has(arg))) {
      const { addJobTypes } = await import("./job-input/add-job-types.ts");
      await addJobTypes(program, runner, configOf(args));
    }
    await program.parseAsync([...args], { from: "user" });
    return Interruption.of(io.signal)?.exitCode ?? runner.exitCode;
  } catch (error) {
    return report(error, program, args, io);
  }
}

/** Commands whose subcommands or completions are the job types. */
const WITH_JOB_TYPES: ReadonlySet<string> = new Set(["submit", "update", "plan", "complete"]);

/** The value of `--config`, before anything is parsed: job types may come from that file. */
function configOf(args: readonly string[]): string | undefined {
  const index = args.findIndex((arg) => arg === "--config" || arg.startsWith("--config="));
  const found = args[index];
  return found === "--config" ? args[index + 1] : found?.slice("--config=".length);
}

async function report(
  error: unknown,
  program: Command,
  args: readonly string[],
  io: CliIo,
): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  // `jrun` alone shows its help, which is no error to explain.
  if (error instanceof CommanderError && error.code === "commander.help") return USAGE_EXIT_CODE;
  const interruption = Interruption.of(io.signal);
  if (interruption) return interruption.exitCode;

  const err = new Printer(io.stderr, wantsColor(io.stderr, io.env, !args.includes("--no-color")));
  const debug = io.env["JRUN_DEBUG"] === "1";
  const { ERROR_TABLE, toManagerError } = await import("@juliarun/core");
  const { printError } = await import("./command-line/print-error.ts");
  const { usageError } = await import("./command-line/usage-error.ts");
  const known =
    error instanceof CommanderError ? usageError(error, program, args) : toManagerError(error);
  await printError(err, known, debug);
  return ERROR_TABLE[known.code].exitCode;
}
