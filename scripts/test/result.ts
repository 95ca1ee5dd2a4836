/** How one part of the test run ended. */
export interface Result {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** What was not checked, and why. */
  readonly skipped: readonly string[];
  /** What failed, and how, where the part knows. */
  readonly failures?: readonly string[];
  readonly durationMs: number;
}

/** The result of a part that is one check: it passes or it fails. */
export function checkResult(name: string, ok: boolean, startedMs: number): Result {
  return {
    name,
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    skipped: [],
    durationMs: Date.now() - startedMs,
  };
}

/** The lines that end a test run; the last one counts. With `strict`, whatever was skipped has failed. */
export function summarise(
  results: readonly Result[],
  strict: boolean,
): { lines: string[]; ok: boolean } {
  const total = (count: (result: Result) => number) =>
    results.reduce((sum, result) => sum + count(result), 0);
  const passed = total((result) => result.passed);
  const skips = results.flatMap(({ name, skipped }) =>
    skipped.map((reason) => `${name}: ${reason}`),
  );
  const failed = total((result) => result.failed) + (strict ? skips.length : 0);
  const lines = ["", "Summary", ...results.map(toLine)];
  const failures = results.flatMap((result) =>
    (result.failures ?? []).map((failure) => `  ${result.name}: ${failure}`),
  );
  if (failures.length > 0) lines.push("", "FAILED:", ...failures);
  if (skips.length > 0) {
    lines.push(
      "",
      strict ? "SKIPPED, which counts as FAILED here:" : "SKIPPED, so NOT CHECKED by this run:",
    );
    lines.push(...skips.map((skip) => `  ${skip}`));
  }
  lines.push("", `${passed} passed, ${failed} failed`);
  return { lines, ok: failed === 0 };
}

function toLine({ name, passed, failed, skipped, durationMs }: Result): string {
  const nothing = passed === 0 && skipped.length > 0;
  const verdict = failed > 0 ? "FAILED" : nothing ? "SKIPPED" : "passed";
  const counts = [`${passed} passed`];
  if (failed > 0) counts.push(`${failed} failed`);
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
  return `  ${verdict.padEnd(7)}  ${name.padEnd(12)} ${counts.join(", ")} (${(durationMs / 1000).toFixed(1)} s)`;
}
