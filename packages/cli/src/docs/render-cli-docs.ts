import { ERROR_TABLE } from "@juliarun/core";
import type { Argument, Command, Option } from "commander";
import { getExamples } from "../command-line/examples.ts";
import { escapeText, markdownTable } from "./markdown-table.ts";

const GLOBAL_HEADING = "Global options:";

/** `docs/cli.md`: every command of the program with its arguments, options and examples. */
export function renderCliDocs(program: Command): string {
  return [
    "# Command line",
    "",
    "Made from the program itself; `npx vitest run -u --project unit packages/cli/src/docs` makes it anew.",
    "",
    program.description(),
    "",
    ...optionTable("Options of all commands", visibleOptions(program)),
    ...environment(),
    ...exitCodes(),
    ...program.commands.flatMap((command) => renderCommand(program, command, "jrun", 2)),
    "",
  ]
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .replace(/\n+$/, "\n");
}

function renderCommand(parent: Command, command: Command, path: string, level: number): string[] {
  if (!parent.createHelp().visibleCommands(parent).includes(command)) return [];
  const name = `${path} ${command.name()}`;
  const own = visibleOptions(command).filter(
    ({ helpGroupHeading }) => helpGroupHeading !== GLOBAL_HEADING,
  );
  const args = command.registeredArguments.filter((argument) => argument.description !== "");
  const aliases = command.aliases().map((alias) => `\`${path} ${alias}\``);
  return [
    `${"#".repeat(level)} ${name}`,
    "",
    "```",
    `${name} ${command.usage()}`,
    "```",
    "",
    command.description() + (aliases.length > 0 ? ` Also ${aliases.join(", ")}.` : ""),
    "",
    ...argumentTable(args),
    ...optionTable("Options", own),
    ...examples(command),
    ...command.commands.flatMap((each) => renderCommand(command, each, name, level + 1)),
  ];
}

function visibleOptions(command: Command): Option[] {
  return command.createHelp().visibleOptions(command);
}

function argumentTable(args: readonly Argument[]): string[] {
  if (args.length === 0) return [];
  const rows = args.map((argument) => [
    `\`${argument.name()}${argument.variadic ? "..." : ""}\``,
    remark(argument.description, argument.defaultValue),
  ]);
  return markdownTable(["Argument", "Meaning"], rows);
}

function optionTable(title: string, options: readonly Option[]): string[] {
  if (options.length === 0) return [];
  const rows = options.map((option) => {
    const choices = option.argChoices
      ? `${option.description}: ${option.argChoices.join(", ")}`
      : option.description;
    return [
      `\`${option.flags}\``,
      remark(choices, option.negate ? undefined : option.defaultValue),
    ];
  });
  return markdownTable([title, "Meaning"], rows);
}

function remark(description: string, fallback: unknown): string {
  const text =
    fallback === undefined
      ? description
      : `${description} (default: ${typeof fallback === "string" ? fallback : JSON.stringify(fallback)})`;
  return escapeText(text);
}

function examples(command: Command): string[] {
  const all = getExamples(command);
  return all.length === 0
    ? []
    : ["```sh", ...all.map(([line, does]) => `${line}  # ${does}`), "```", ""];
}

function environment(): string[] {
  return markdownTable(
    ["Variable", "Meaning"],
    [
      ["`JRUN_CONFIG`", "configuration file"],
      [
        "`JRUN_STATE_DIR`",
        "folder of job records and of the agent's log (default: `$XDG_STATE_HOME/juliarun`, else `~/.local/state/juliarun`)",
      ],
      ["`JRUN_DEBUG=1`", "errors with stack traces"],
      ["`NO_COLOR`, `FORCE_COLOR`", "no colours, or colours also where there is no terminal"],
      [
        "`DOCKER_HOST`, `DOCKER_CONTEXT`, …",
        "as for the docker command, where the configuration names no engine",
      ],
      [
        "`KUBECONFIG`",
        "as for kubectl, where `compute.auth` is of type `kubeconfig` and names no file",
      ],
    ],
  );
}

function exitCodes(): string[] {
  const byCode = new Map<number, string[]>();
  for (const [code, { exitCode }] of Object.entries(ERROR_TABLE)) {
    byCode.set(exitCode, [...(byCode.get(exitCode) ?? []), `\`${code}\``]);
  }
  const rows = [...byCode]
    .toSorted(([a], [b]) => a - b)
    .map(([code, names]) => [String(code), names.join(", ")]);
  const own = (code: string, text: string): void => {
    const row = rows.find(([each]) => each === code);
    if (row) row[1] = `${text}; ${row[1]}`;
    else rows.push([code, text]);
  };
  own("0", "success");
  own("1", "a job did not succeed (`wait`, `submit --wait`, `--follow`); `doctor` found a problem");
  own("2", "a command line that cannot be understood");
  own("130", "Ctrl-C (SIGTERM: 143)");
  rows.sort(([a], [b]) => Number(a) - Number(b));
  return [
    ...markdownTable(["Exit code", "Meaning"], rows),
    "`jrun run` ends with the exit code of its script. See [errors.md](errors.md) for each error.",
    "",
  ];
}
