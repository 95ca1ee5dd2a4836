import { type InputIssue, formatIssue, formatPath } from "../schema/input-issue.ts";
import { ManagerError } from "./manager-error.ts";

/** Problems of one job's parameters, gathered so that a user hears of all of them at once. */
export class SpecIssues {
  readonly #issues: InputIssue[] = [];

  /** Notes problems. */
  push(...issues: readonly InputIssue[]): void {
    this.#issues.push(...issues);
  }

  /** Notes one problem of one parameter. */
  add(parameter: string, message: string, suggestion?: string): void {
    const issue = { path: [parameter], message };
    this.#issues.push(suggestion === undefined ? issue : { ...issue, suggestion });
  }

  /** Whether nothing is wrong so far. */
  get empty(): boolean {
    return this.#issues.length === 0;
  }

  /**
   * @param subject - what has these problems, such as `JuliaBatch "hello"`.
   * @throws ManagerError SPEC_INVALID if there are any; `details.issues` lists
   * `{ path, message, suggestion? }`, the path as text (`ports.http`).
   */
  throwIfAny(subject: string): void {
    if (this.empty) return;
    const lines = this.#issues.map((issue) => formatIssue(issue));
    const message =
      lines.length === 1
        ? `${subject}: ${lines[0]}`
        : `${subject} has ${lines.length} problems:\n${lines.map((line) => `- ${line}`).join("\n")}`;
    throw new ManagerError("SPEC_INVALID", message, {
      details: {
        issues: this.#issues.map((issue) => ({ ...issue, path: formatPath(issue.path) })),
      },
    });
  }
}
