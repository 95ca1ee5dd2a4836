import { JobTypeRegistry, type Config, type JobType, type PluginRegistry } from "@juliarun/core";
import { findConfig, type FindConfigOptions } from "../config/find-config.ts";
import { createRegistry } from "./create-registry.ts";

/**
 * The built-in job types, those of a configuration's `jobtypes`, and those that a program gives. A program may give what its configuration
 * names too.
 * @throws ManagerError CONFIG_INVALID.
 */
export async function registerJobTypes(
  config: Config,
  plugins: PluginRegistry,
  given: readonly JobType[] = [],
): Promise<JobTypeRegistry> {
  const registry = new JobTypeRegistry();
  for (const specifier of config.jobtypes) {
    const load = await plugins.load("jobtype", specifier);
    for (const type of await load()) registry.register(type, specifier);
  }
  for (const type of given) {
    if (!registry.list().includes(type)) registry.register(type, "the program");
  }
  return registry;
}

/** The job types that a configuration knows, without opening its cluster. @throws ManagerError CONFIG_INVALID. */
export async function loadJobTypes(options: FindConfigOptions): Promise<JobType[]> {
  const { config, baseDir } = await findConfig(options);
  return (await registerJobTypes(config, createRegistry(baseDir))).list();
}
