import { Option } from "commander";

/** `-o`: how a result is printed. */
export function outputOption(...formats: readonly string[]): Option {
  return new Option("-o, --output <format>", "how to print the result").choices(formats);
}

/** What `-o` gave. */
export interface OutputOption {
  readonly output?: string;
}
