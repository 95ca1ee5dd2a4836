import type { ParameterInfo } from "@juliarun/core";
import { Option } from "commander";
import { collect } from "../command-line/collect.ts";

/** The default as help shows it; undefined where there is none worth showing. */
function shownDefault({ default: value, kind }: ParameterInfo): string | undefined {
  if (value === undefined || value === false) return undefined;
  if (kind === "list" || kind === "map") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The command line's option for a job type's parameter: `--run-volume <volume>`. */
export function parameterOption(info: ParameterInfo): Option {
  const { flag, kind, placeholder = kind, choices } = info;
  const repeatable = kind === "list" || kind === "map";
  const remarks = [
    ...(info.required ? ["required"] : []),
    ...(repeatable ? ["may be repeated"] : []),
    ...(shownDefault(info) === undefined ? [] : [`default: ${shownDefault(info)}`]),
  ];
  const description =
    remarks.length > 0 ? `${info.description} (${remarks.join(", ")})` : info.description;
  if (kind === "boolean")
    return new Option(info.default === true ? `--no-${flag}` : `--${flag}`, description);
  const option = new Option(`--${flag} <${placeholder}>`, description);
  if (choices) option.choices(choices);
  return repeatable ? option.argParser(collect) : option;
}

/**
 * The parameters that were given, under the spelling of the command line, so that messages name them as the user wrote them.
 * @param given - commander's values by camelCase name; only what was really given.
 */
export function givenParameters(
  infos: readonly ParameterInfo[],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const { name, flag } of infos) if (given[name] !== undefined) parameters[flag] = given[name];
  return parameters;
}
