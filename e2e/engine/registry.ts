import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import { GenericContainer, Wait, type StartedTestContainer } from "testcontainers";
import { inject } from "vitest";

const PORT = 5000;
const LAYER_BYTES = 3_000_000;
const STORAGE = "/storage";
const PASSWORDS = "/htpasswd";

/** Who may use a locked registry. */
export const REGISTRY_LOGIN = { username: "ci", password: "correct horse" } as const;
// The password's hash, as `htpasswd -B` makes it.
const HTPASSWD = `${REGISTRY_LOGIN.username}:$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2\n`;

/** How a registry differs from the usual one. */
export interface RegistryOptions {
  /** Everything asks for {@link REGISTRY_LOGIN}. */
  readonly locked?: boolean;
  /** Name of a volume that its images are kept in, beyond its end. */
  readonly volume?: string;
}

/** How a published image differs from the usual one. */
export interface PublishOptions {
  /** User of its programs. */
  readonly user?: string;
}

/** A private image registry on this machine, which engines may use without TLS. */
export class Registry implements AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  readonly #docker: Docker;
  readonly #container: StartedTestContainer;
  readonly #locked: boolean;

  private constructor(docker: Docker, container: StartedTestContainer, locked: boolean) {
    this.#docker = docker;
    this.#container = container;
    this.#locked = locked;
    this.address = `127.0.0.1:${container.getMappedPort(PORT)}`;
  }

  /** @param docker - the engine that images are published from. */
  static async start(docker: Docker, options: RegistryOptions = {}): Promise<Registry> {
    const container = await registryContainer(options).withExposedPorts(PORT).start();
    return new Registry(docker, container, options.locked ?? false);
  }

  /**
   * Publishes the busybox image with a layer that no engine has, and forgets it locally. Its `julia` runs shell scripts.
   * @returns the image's reference, `<address>/<name>:1`.
   */
  async publish(name: string, { user }: PublishOptions = {}): Promise<string> {
    const repo = `${this.address}/${name}`;
    const julia = `printf '#!/bin/sh\\nexec sh "$@"\\n' >/bin/julia && chmod 755 /bin/julia`;
    const container = await this.#docker.createContainer({
      Image: inject("docker").images.busybox,
      Cmd: ["sh", "-c", `${julia} && head -c ${LAYER_BYTES} /dev/urandom >/layer`],
    });
    try {
      await container.start();
      await container.wait();
      const changes = user === undefined ? {} : { changes: `USER ${user}` };
      await container.commit({ repo, tag: "1", ...changes });
    } finally {
      await container.remove({ force: true });
    }
    const image = this.#docker.getImage(`${repo}:1`);
    // The engine wants credentials in any case.
    const authconfig = this.#locked ? REGISTRY_LOGIN : { username: "", password: "" };
    const progress = await image.push({ authconfig });
    await new Promise<void>((resolve, reject) => {
      this.#docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
    });
    await image.remove({ force: true });
    return `${repo}:1`;
  }

  /** Unpublishes what {@link Registry.publish} has published. */
  async forget(name: string): Promise<void> {
    const url = `http://${this.address}/v2/${name}/manifests`;
    const accept = "application/vnd.docker.distribution.manifest.v2+json";
    const found = await fetch(`${url}/1`, { method: "HEAD", headers: { accept } });
    const digest = found.headers.get("docker-content-digest");
    const { status } = await fetch(`${url}/${digest}`, { method: "DELETE" });
    if (status !== 202) throw new Error(`DELETE ${url}/${digest}: ${status}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#container.stop();
  }
}

/** A locked registry that a cluster's node reaches as `127.0.0.1:<port>`, where it needs no TLS. */
export class NodeRegistry implements AsyncDisposable {
  /** As the node sees it. */
  readonly address: string;
  readonly #docker: Docker;
  readonly #volume: string;
  readonly #inside: StartedTestContainer;
  readonly #outside: Registry;

  private constructor(
    docker: Docker,
    volume: string,
    { address, inside, outside }: Inside & { readonly outside: Registry },
  ) {
    this.#docker = docker;
    this.#volume = volume;
    this.#inside = inside;
    this.#outside = outside;
    this.address = address;
  }

  /** @param node - name of the container that is the node. */
  static async start(docker: Docker, node: string): Promise<NodeRegistry> {
    const volume = `jrun-registry-${randomBytes(5).toString("hex")}`;
    // In the node's network: below its port range for services and for outgoing connections.
    const port = 20_000 + (randomBytes(2).readUInt16BE() % 10_000);
    const inside = await registryContainer({ locked: true, volume })
      .withNetworkMode(`container:${node}`)
      .withEnvironment({ REGISTRY_HTTP_ADDR: `127.0.0.1:${port}` })
      .withWaitStrategy(Wait.forLogMessage(/listening on/))
      .start();
    const outside = await Registry.start(docker, { locked: true, volume });
    return new NodeRegistry(docker, volume, { address: `127.0.0.1:${port}`, inside, outside });
  }

  /** As {@link Registry.publish}; the reference is the node's. */
  async publish(name: string, options: PublishOptions = {}): Promise<string> {
    await this.#outside.publish(name, options);
    return `${this.address}/${name}:1`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inside.stop();
    await this.#outside[Symbol.asyncDispose]();
    await this.#docker.getVolume(this.#volume).remove();
  }
}

interface Inside {
  readonly address: string;
  readonly inside: StartedTestContainer;
}

function registryContainer({ locked = false, volume }: RegistryOptions): GenericContainer {
  // Its reaper is an image of its own, which a machine without the Internet cannot have.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  const container = new GenericContainer(inject("docker").images.registry).withEnvironment({
    // Debian's asks for a password of its own.
    REGISTRY_AUTH: locked ? JSON.stringify({ htpasswd: { realm: "test", path: PASSWORDS } }) : "{}",
    REGISTRY_STORAGE_DELETE_ENABLED: "true",
    REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: STORAGE,
  });
  if (locked) container.withCopyContentToContainer([{ content: HTPASSWD, target: PASSWORDS }]);
  if (volume !== undefined) container.withBindMounts([{ source: volume, target: STORAGE }]);
  return container;
}
