import {
  Context,
  findPlugin,
  ManagerError,
  namespaceNameSchema,
  planContext,
  type ClusterBackend,
  type ConfigInput,
  type JobType,
  type Logger,
  type PluginInput,
  type PluginRegistry,
} from "@juliarun/core";
import { atServer } from "./config/at-server.ts";
import { findConfig } from "./config/find-config.ts";
import { secretSource } from "./config/secret-source.ts";
import { createRegistry } from "./plugins/create-registry.ts";
import { registerJobTypes } from "./plugins/load-job-types.ts";

/** Where a context comes from. */
export interface InitOptions {
  /** A configuration file, or a configuration itself; default: see {@link init}. */
  readonly config?: string | ConfigInput | undefined;
  /** Default: the configuration's `compute.namespace`. */
  readonly namespace?: string | undefined;
  /** Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Folder that relative paths are meant from; default: the current one. */
  readonly cwd?: string | undefined;
  /** Job types of this program, beside the built-in ones and those of the configuration's `jobtypes`; default: none. */
  readonly jobTypes?: readonly JobType[] | undefined;
  /** Told of what a person should know and nothing fails for. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * A context for the cluster that the configuration names (manual: `init`). The configuration is what is given, else the
 * file that `JRUN_CONFIG` names, else `config.json` in the current folder, else the local Docker Engine with the folder
 * `juliarun` as volume. Close the context when done: `await using ctx = await init()`.
 * @throws ManagerError CONFIG_INVALID, and BACKEND_UNREACHABLE where a backend must connect to be opened.
 */
export async function init(options: InitOptions = {}): Promise<Context> {
  const { env = process.env, cwd = process.cwd() } = options;
  const { config, baseDir } = await findConfig({ config: options.config, env, cwd });
  const namespace = checkedNamespace(options.namespace ?? config.compute.namespace);
  const plugins = createRegistry(baseDir);
  const jobTypes = await registerJobTypes(config, plugins, options.jobTypes);
  const input: PluginInput = {
    config,
    namespace,
    baseDir,
    secrets: secretSource(baseDir, env),
    env,
    ...(options.onWarning ? { onWarning: options.onWarning } : {}),
  };
  const openBackend = await plugins.load("backend", config.clustertype);
  const accounting = await (await plugins.load("accounting", config.accountingtype))(input);
  const logger = await openLogger(plugins, input);
  const connect = async (server: string, other: string): Promise<ClusterBackend> =>
    openBackend({ ...input, namespace: other, config: atServer(config, server) });
  return new Context({
    backend: await openBackend(input),
    jobTypes,
    plans: planContext(config, { baseDir, namespace }),
    accounting,
    ...(logger === undefined ? {} : { logger }),
    connect,
  });
}

/** The engine's own logs need no logger. */
async function openLogger(
  plugins: PluginRegistry,
  input: PluginInput,
): Promise<Logger | undefined> {
  const { loggertype } = input.config;
  const found = findPlugin("logger", loggertype);
  if (found?.type === "built-in" && found.id === "native") return undefined;
  return (await plugins.load("logger", loggertype))(input);
}

function checkedNamespace(namespace: string): string {
  const checked = namespaceNameSchema.safeParse(namespace);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ message }) => message).join(", ");
  throw new ManagerError(
    "SPEC_INVALID",
    `The namespace ${JSON.stringify(namespace)} ${problems}.`,
    {
      hint: "Choose a name such as default or team-1.",
    },
  );
}
