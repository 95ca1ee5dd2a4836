import { describeParameters, type JobType, type ParameterInfo } from "@juliarun/core";
import { escapeText, markdownTable } from "./markdown-table.ts";

/** `docs/job-types.md`: every job type with all its parameters, from their schemas. */
export function renderJobTypesDocs(types: readonly JobType[]): string {
  return [
    "# Job types",
    "",
    "Made from the schemas of the job types; `npx vitest run -u --project unit packages/cli/src/docs` makes it anew.",
    "",
    ...PREAMBLE,
    ...types.flatMap((type) => renderType(type)),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}

const PREAMBLE: readonly string[] = [
  "Every job has a `name`: `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 45 characters, unique in its namespace.",
  "Parameters may be spelled as in TypeScript (`runVolume`), as in the manual (`run_volume`), or as on the command line (`--run-volume`).",
  "",
  ...markdownTable(
    ["Type", "Written as"],
    [
      ["text, number", "itself; numbers also as text"],
      ["boolean", "`true` or `false`; on the command line the option alone"],
      [
        "list",
        "a list; names also in one text, with commas; on the command line the option repeated",
      ],
      ["map", "an object, or items such as `name=value`; on the command line the option repeated"],
      ["`cores`", "cores (`0.5`) or thousandths (`500m`)"],
      ["`amount`", "bytes, or with a unit: `512Mi`, `2Gi`, `1G`"],
      ["`duration`", "seconds, or with units: `90s`, `5m`, `1h30m`, `2d`"],
    ],
  ),
  "`image` is first looked up among the names of the configuration's `images` (manual: Images), which say how scripts are run in the image",
  "and as whom. What is not found there and has a `/`, a `:` or an `@` is a reference, such as `registry.example:5000/team/julia:1.10`: it is",
  "pulled as it is, and scripts are run by the `julia` in it. Any other text is an unknown name and is refused, with the nearest known one.",
  "Credentials of registries are in the configuration's `registries`.",
  "",
];

function renderType(type: JobType): string[] {
  const positional = ["name", ...type.positional].map((name) => `\`${name}\``).join(", ");
  return [
    `## ${type.name}`,
    "",
    type.summary,
    "",
    `${type.manual === undefined ? "Not in the manual." : `In the manual: ${type.manual}.`} Required, in this order: ${positional}.`,
    "",
    ...markdownTable(
      ["Parameter", "Type", "Unit", "Default", "Manual", "Meaning"],
      describeParameters(type).map((parameter) => [
        `\`${parameter.name}\``,
        typeOf(parameter),
        parameter.unit ?? "–",
        defaultOf(parameter),
        parameter.manual && type.manual !== undefined
          ? `\`${parameter.manualName}\`, ${type.manual}`
          : "addition",
        escapeText(parameter.description),
      ]),
    ),
  ];
}

function typeOf({ kind, placeholder, choices }: ParameterInfo): string {
  if (choices) return choices.map((choice) => `\`${choice}\``).join(", ");
  return placeholder === undefined || placeholder === kind ? kind : `${kind}: \`${placeholder}\``;
}

function defaultOf({ required, default: value, kind }: ParameterInfo): string {
  if (required) return "required";
  if (value === undefined) return "none";
  if ((kind === "list" || kind === "map") && Object.keys(Object(value)).length === 0) return "none";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
