import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Problem } from "./progress/problem.ts";
import type { Progress } from "./progress/progress.ts";

/** The folder of the checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Builds what has changed since the last build. */
export async function buildPackages(progress: Progress): Promise<void> {
  await progress.step("Building jrun", async () => {
    const { failed, all } = await execa("turbo", ["run", "build", "--output-logs=errors-only"], {
      cwd: root,
      env: { TURBO_TELEMETRY_DISABLED: "1" },
      stdin: "ignore",
      all: true,
      reject: false,
    });
    if (failed) throw new Problem(`The build failed:\n${all}`);
  });
}
