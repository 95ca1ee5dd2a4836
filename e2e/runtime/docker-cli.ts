import { execa } from "execa";

/** Runs `docker …` and returns its stdout without the last newline. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await execa("docker", args);
  return stdout;
}

/** Label of everything that these tests make. */
export const LABEL = "jrun.test=runtime";

/** Label of what one test job made. */
export function jobLabel(id: string): string {
  return `jrun.test.job=${id}`;
}
