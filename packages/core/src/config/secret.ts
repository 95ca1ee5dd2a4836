import { z } from "zod";
import { ManagerError } from "../errors/manager-error.ts";
import { nonEmptyText } from "../schema/text-scalars.ts";

const SHOWN = "(secret)";

/** A secret that stands in the configuration itself. Printing it in whatever way shows `(secret)`. */
export class SecretText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret, for its one use. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SHOWN;
  }
}

/** A secret: its text, or the file or environment variable that holds it. */
export type SecretRef = SecretText | { readonly file: string } | { readonly env: string };

/** `{ "file": "path" }` */
export const secretFile = z.strictObject({ file: nonEmptyText });
/** `{ "env": "NAME" }` */
export const secretVariable = z.strictObject({ env: nonEmptyText });

/** A secret in the configuration: `"text"`, `{ "file": "path" }` or `{ "env": "NAME" }`. */
export const secretRefSchema = z
  .union([nonEmptyText, secretFile, secretVariable], {
    error: 'must be a text, { "file": "path" } or { "env": "NAME" }',
  })
  .transform((value): SecretRef => (typeof value === "string" ? new SecretText(value) : value));

/** Where secrets that stand elsewhere are read from; given by whoever may do I/O. */
export interface SecretSource {
  /** Content of a file; a relative path is meant from the configuration's folder. */
  readFile(path: string): Promise<string>;
  /** Value of an environment variable; undefined when it is not set. */
  env(name: string): string | undefined;
}

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function decode(text: string, key: string): string {
  const compact = text.replaceAll(/\s/g, "");
  if (BASE64.test(compact)) return Buffer.from(compact, "base64").toString("utf8");
  throw new ManagerError("CONFIG_INVALID", `${key} is not base64.`, {
    hint: `Write the value of ${key} base64-encoded, or name the plain one as { "file": "path" } or { "env": "NAME" }.`,
  });
}

/**
 * The text of a secret. What stands in the configuration itself is base64 where the manual says so (`encoding`);
 * files and variables hold it plain. White space at the end is dropped.
 * @param key - the secret's place in the configuration, for messages.
 * @throws ManagerError CONFIG_INVALID when a variable is not set, a file cannot be read, or base64 is not.
 */
export async function resolveSecret(
  ref: SecretRef,
  key: string,
  source: SecretSource,
  encoding: "plain" | "base64" = "plain",
): Promise<string> {
  if (ref instanceof SecretText) {
    return encoding === "base64" ? decode(ref.reveal(), key) : ref.reveal();
  }
  if ("env" in ref) {
    const value = source.env(ref.env);
    if (value !== undefined && value !== "") return value.trimEnd();
    throw new ManagerError(
      "CONFIG_INVALID",
      `${key} names the environment variable ${ref.env}, which is not set.`,
    );
  }
  try {
    return (await source.readFile(ref.file)).trimEnd();
  } catch (error) {
    throw new ManagerError(
      "CONFIG_INVALID",
      `${key} names the file ${ref.file}, which cannot be read.`,
      { cause: error },
    );
  }
}
