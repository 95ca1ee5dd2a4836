import { z } from "zod";

/** A job's name: also a host name and part of engine objects' names. */
export const JOB_NAME_PATTERN = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Longest name of a job: leaves room for what backends append within 63 characters. */
export const MAX_JOB_NAME_LENGTH = 45;

/** A valid name made of any text, for suggestions and for `jrun run`; undefined where nothing usable is in it. */
export function toJobName(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, MAX_JOB_NAME_LENGTH)
    .replace(/-+$/, "");
  return name === "" ? undefined : name;
}

/** Name of a job: a lower-case letter, then lower-case letters, digits and inner hyphens; at most 45 characters. */
export const jobNameSchema = z.string().superRefine((name, context) => {
  if (JOB_NAME_PATTERN.test(name) && name.length <= MAX_JOB_NAME_LENGTH) return;
  const found =
    name.length > MAX_JOB_NAME_LENGTH ? `this has ${name.length}` : `not ${JSON.stringify(name)}`;
  context.addIssue({
    code: "custom",
    message: `must start with a lower-case letter, go on with lower-case letters, digits and inner hyphens, and have at most ${MAX_JOB_NAME_LENGTH} characters, ${found}`,
    params: { suggestion: toJobName(name) },
  });
});
