import { SpecIssues } from "../errors/spec-issues.ts";
import type { JobType } from "../job-types/job-type.ts";
import { fromText } from "../schema/from-text.ts";
import { toInputIssues } from "../schema/zod-issues.ts";
import { jobNameSchema } from "./job-name.ts";
import type { JobSpec, PlacedFile } from "./job-spec.ts";
import { normaliseKeys, spellLike } from "./normalise-keys.ts";
import { checkPlacedFiles } from "./placed-files.ts";

/** What a user gives to submit a job of some type. */
export interface SpecInput {
  readonly name: string;
  /** By camelCase, snake_case or kebab-case names; values also as text, as a command line has them. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly files?: readonly PlacedFile[];
}

/**
 * Checks and normalises what a user gave: names in camelCase, quantities in canonical form, defaults filled in.
 * The parameters of a spec, given again, make the same spec.
 * @throws ManagerError SPEC_INVALID that lists every problem, unknown parameters with the nearest known one;
 * `details.issues` is `[{ path, message, suggestion? }]`.
 */
export function makeSpec(type: JobType, input: SpecInput): JobSpec {
  const issues = new SpecIssues();
  const name = jobNameSchema.safeParse(input.name);
  if (!name.success) {
    const found = toInputIssues(jobNameSchema, name.error, input.name, { unknownKey: "" });
    for (const { message, suggestion } of found) issues.add("name", message, suggestion);
  }

  const { values, spelling, doubled } = normaliseKeys(input.parameters ?? {});
  for (const given of doubled) issues.add(given, "is given twice, in different spellings");
  for (const [parameter, field] of Object.entries(type.schema.shape)) {
    // A user's own type may have plain schemas: text from a command line is translated for it.
    if (Object.hasOwn(values, parameter)) values[parameter] = fromText(field, values[parameter]);
  }
  const parameters = type.schema.safeParse(values);
  if (!parameters.success) {
    const found = toInputIssues(type.schema, parameters.error, values, {
      unknownKey: `is not a parameter of ${type.name}`,
      spell: (known, given) => spellLike(known, spelling.get(given) ?? given),
    });
    // A missing parameter is spelled as the others are.
    const model = [...spelling.values()].find((given) => /[-_]/.test(given)) ?? "";
    for (const issue of found) {
      const [first = "", ...rest] = issue.path;
      const spelled = spelling.get(String(first)) ?? spellLike(String(first), model);
      issues.push({ ...issue, path: [spelled, ...rest] });
    }
  }

  if (parameters.success) {
    const after = parameters.data["after"];
    if (Array.isArray(after) && after.includes(input.name))
      issues.add(spelling.get("after") ?? "after", "names the job itself");
  }
  const files = input.files ?? [];
  checkPlacedFiles(files, issues);
  issues.throwIfAny(`${type.name} ${JSON.stringify(input.name)}`);
  return { type: type.name, name: input.name, parameters: parameters.data ?? {}, files };
}
