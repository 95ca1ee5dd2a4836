import type Docker from "dockerode";
import { GenericContainer, type StartedTestContainer } from "testcontainers";
import { inject } from "vitest";

const PORT = 5000;
const LAYER_BYTES = 3_000_000;

/** A private image registry on this machine, which engines may use without TLS. */
export class Registry implements AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  readonly #docker: Docker;
  readonly #container: StartedTestContainer;

  private constructor(docker: Docker, container: StartedTestContainer) {
    this.#docker = docker;
    this.#container = container;
    this.address = `127.0.0.1:${container.getMappedPort(PORT)}`;
  }

  /** @param docker - the engine that images are published from. */
  static async start(docker: Docker): Promise<Registry> {
    // Its reaper is an image of its own, which a machine without the Internet cannot have.
    process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
    const container = await new GenericContainer(inject("docker").images.registry)
      .withExposedPorts(PORT)
      // Debian's asks for a password.
      .withEnvironment({ REGISTRY_AUTH: "{}", REGISTRY_STORAGE_DELETE_ENABLED: "true" })
      .start();
    return new Registry(docker, container);
  }

  /**
   * Publishes the busybox image with a layer that no engine has, and forgets it locally.
   * @returns the image's reference, `<address>/<name>:1`.
   */
  async publish(name: string): Promise<string> {
    const repo = `${this.address}/${name}`;
    const container = await this.#docker.createContainer({
      Image: inject("docker").images.busybox,
      Cmd: ["sh", "-c", `head -c ${LAYER_BYTES} /dev/urandom >/layer`],
    });
    try {
      await container.start();
      await container.wait();
      await container.commit({ repo, tag: "1" });
    } finally {
      await container.remove({ force: true });
    }
    const image = this.#docker.getImage(`${repo}:1`);
    // The engine wants credentials in any case.
    const progress = await image.push({ authconfig: { username: "", password: "" } });
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
