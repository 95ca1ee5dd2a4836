import { execa } from "execa";
import { Problem } from "../progress/problem.ts";

/** What {@link command} takes beside the program and its arguments. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** What the problem's message begins with. */
  readonly purpose: string;
  /** Lets everything else on this machine go first. */
  readonly lowPriority?: boolean;
}

/** Runs a program to its end and returns what it wrote to stdout; a {@link Problem} with its stderr when it fails. */
export async function command(
  program: string,
  args: readonly string[],
  { cwd, env, input, purpose, lowPriority }: CommandOptions,
): Promise<string> {
  const [file, words] =
    lowPriority === true && process.platform !== "win32"
      ? ["nice", ["-n", "10", program, ...args]]
      : [program, args];
  const { failed, stdout, stderr, shortMessage } = await execa(file, words, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    reject: false,
  });
  if (failed) throw new Problem(`${purpose} failed: ${shortMessage}\n${lastLines(stderr)}`);
  return stdout;
}

// A Go compiler or kubeadm may write pages.
function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-30).join("\n");
}
