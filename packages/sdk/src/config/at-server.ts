import { findPlugin, type Config } from "@juliarun/core";

/** The configuration for another server: an engine of the kind of `compute.docker.host`, or the address of `compute.uri`. */
export function atServer(config: Config, server: string): Config {
  const { compute } = config;
  const plugin = findPlugin("backend", config.clustertype);
  const isDocker = plugin?.type === "built-in" && plugin.id === "docker";
  return {
    ...config,
    compute: isDocker ? { ...compute, docker: { host: server } } : { ...compute, uri: server },
  };
}
