import type Dockerode from "dockerode";

/** Begins the labels and names of raw containers: the manager takes no notice of them. */
export const RAW = "juliarun-bench";

/**
 * Options for a container that is equal to one of the manager's: image, command, limits, log driver, mounts, network, and as many
 * labels as long, under other names.
 */
export class RawTwins {
  readonly #docker: Dockerode;
  readonly #model: Dockerode.ContainerInspectInfo;
  readonly #job: string;

  constructor(docker: Dockerode, model: Dockerode.ContainerInspectInfo, job: string) {
    this.#docker = docker;
    this.#model = model;
    this.#job = job;
  }

  /** Creates and starts one, as directly as the engine's API allows. */
  async start(name: string): Promise<Dockerode.Container> {
    const container = await this.#docker.createContainer(this.#options(name));
    await container.start();
    return container;
  }

  #options(name: string): Dockerode.ContainerCreateOptions {
    const { Config, HostConfig } = this.#model;
    const network = HostConfig.NetworkMode ?? "";
    const renamed = (text: string): string => text.replaceAll(this.#job, name);
    return {
      name: `${RAW}-${process.pid}-${name}`,
      Image: Config.Image,
      Cmd: Config.Cmd,
      User: Config.User,
      Hostname: name,
      Env: Config.Env.map(renamed),
      Labels: Object.fromEntries(
        Object.entries(Config.Labels).map(([key, value]) => [
          key.replace("juliarun", RAW),
          renamed(value),
        ]),
      ),
      ExposedPorts: Config.ExposedPorts ?? {},
      HostConfig,
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [name] } } },
    };
  }
}
