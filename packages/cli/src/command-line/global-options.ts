import { Option, type Command } from "commander";

/** Options that every command has. */
export interface GlobalOptions {
  readonly config?: string;
  readonly namespace?: string;
  readonly color: boolean;
  readonly quiet: boolean;
}

const HEADING = "Global options:";

const OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  ["--config <file>", "configuration file (default: $JRUN_CONFIG, else config.json)"],
  ["-n, --namespace <name>", "namespace (default: the configuration's)"],
  ["--no-color", "no colours, also on a terminal"],
  ["-q, --quiet", "only results, no messages on the way"],
];

/** Gives a command the global options, as they may stand before or after its name; called last, so that help shows them last. */
export function addGlobalOptions(command: Command): Command {
  for (const [flags, description] of OPTIONS) {
    command.addOption(new Option(flags, description).helpGroup(HEADING));
  }
  return command.addHelpOption(new Option("-h, --help", "show this help").helpGroup(HEADING));
}

/** The global options as given to a command or to one around it; the nearest counts. */
export function readGlobalOptions(command: Command): GlobalOptions {
  const given = (name: string): unknown => {
    for (let each: Command | null = command; each; each = each.parent) {
      if (each.getOptionValueSource(name) === "cli") return each.getOptionValue(name);
    }
    return undefined;
  };
  const text = (name: string): string | undefined => {
    const value = given(name);
    return typeof value === "string" ? value : undefined;
  };
  const config = text("config");
  const namespace = text("namespace");
  return {
    ...(config === undefined ? {} : { config }),
    ...(namespace === undefined ? {} : { namespace }),
    color: given("color") !== false,
    quiet: given("quiet") === true,
  };
}
