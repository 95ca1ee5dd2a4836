import { ManagerError } from "../errors/manager-error.ts";
import { type InputIssue, formatIssue, formatPath } from "../schema/input-issue.ts";
import { toInputIssues } from "../schema/zod-issues.ts";
import { type Config, configSchema } from "./config-schema.ts";
import { crossCheck } from "./cross-check.ts";

/** A checked configuration, or everything that is wrong with it. */
export type CheckedConfig =
  | { readonly config: Config; readonly issues: readonly [] }
  | { readonly config?: undefined; readonly issues: readonly InputIssue[] };

/** Checks a configuration as JSON has it, and finds all problems at once. */
export function checkConfig(input: unknown): CheckedConfig {
  const parsed = configSchema.safeParse(input);
  const issues = [
    ...(parsed.success
      ? []
      : toInputIssues(configSchema, parsed.error, input, { unknownKey: "is not a known key" })),
    ...crossCheck(input),
  ];
  return parsed.success && issues.length === 0 ? { config: parsed.data, issues: [] } : { issues };
}

/**
 * A configuration from an object, for programs that have no file.
 * @throws ManagerError CONFIG_INVALID that lists every problem.
 */
export function toConfig(input: unknown): Config {
  const { config, issues } = checkConfig(input);
  if (config) return config;
  const lines = issues.map((issue) => `- ${formatIssue(issue)}`).join("\n");
  throw new ManagerError("CONFIG_INVALID", `The configuration is not valid:\n${lines}`, {
    details: {
      issues: issues.map((issue) => Object.assign({}, issue, { path: formatPath(issue.path) })),
    },
  });
}
