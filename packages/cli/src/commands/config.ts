import type { Command } from "commander";
import { addGlobalOptions } from "../command-line/global-options.ts";
import type { Runner } from "../command-line/runner.ts";

const actions = async () => import("../actions/config.ts");

/** `jrun config` */
export function addConfig(program: Command, runner: Runner): void {
  const config = program.command("config").description("Check and show the configuration.");
  addGlobalOptions(config);
  const validate = config
    .command("validate")
    .description("Check the configuration file; lists every problem with its line.")
    .argument("[file]", "the file (default: the one that commands would use)");
  const show = config
    .command("show")
    .description("Print the configuration in use, with defaults, without secrets.");
  const schema = config
    .command("schema")
    .description("Print the JSON Schema of configuration files, for editors.");
  for (const each of config.commands) addGlobalOptions(each);
  validate.action(
    runner.run(async (session, self) => (await actions()).validateConfig(session, self)),
  );
  show.action(runner.run(async (session) => (await actions()).showConfig(session)));
  schema.action(runner.run(async (session) => (await actions()).showConfigSchema(session)));
}
