import { spawn } from "node:child_process";
import { DOCKER_HUB, registryOf, type Registries } from "@juliarun/core";
import { readDockerConfig, type DockerHostOptions } from "./docker-host.ts";
import { isObject } from "./is-object.ts";

/** What the engine sends to a registry. Never shown. */
export interface RegistryCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

/** How Docker calls the registry of Docker Hub. */
const HUB_SERVER = "https://index.docker.io/v1/";

/**
 * Finds the credentials of a registry: the configured ones, else what `docker login` left in the docker command's configuration or
 * its credential helper.
 */
export class RegistryAuth {
  readonly #env: DockerHostOptions["env"];
  readonly #registries: Registries | undefined;

  constructor(env: DockerHostOptions["env"], registries?: Registries) {
    this.#env = env;
    this.#registries = registries;
  }

  /**
   * Undefined: pull without credentials.
   * @throws ManagerError CONFIG_INVALID when a configured password cannot be read.
   */
  async of(repository: string): Promise<RegistryCredentials | undefined> {
    const registry = registryOf(repository);
    const server = registry === DOCKER_HUB ? HUB_SERVER : registry;
    const login = await this.#registries?.login(repository);
    if (login) return { ...login, serveraddress: server };
    const config = readDockerConfig(this.#env);
    if (!config) return undefined;
    const helpers = isObject(config["credHelpers"]) ? config["credHelpers"] : {};
    const helper = helpers[server] ?? helpers[registry] ?? config["credsStore"];
    if (typeof helper === "string" && helper !== "") return this.#ask(helper, server);
    const auths = isObject(config["auths"]) ? config["auths"] : {};
    const entry = auths[server] ?? auths[`https://${server}`];
    return isObject(entry) ? fromEntry(entry, server) : undefined;
  }

  /** Asks a credential helper; one that knows nothing, or is not installed, means no credentials. */
  async #ask(helper: string, server: string): Promise<RegistryCredentials | undefined> {
    if (!/^[\w.-]+$/.test(helper)) return undefined;
    const answer = await run(`docker-credential-${helper}`, "get", server, this.#env);
    const found: unknown = answer === undefined ? undefined : parse(answer);
    if (!isObject(found)) return undefined;
    const { Username: username, Secret: secret } = found;
    if (typeof username !== "string" || typeof secret !== "string") return undefined;
    if (username === "<token>") return { identitytoken: secret, serveraddress: server };
    return { username, password: secret, serveraddress: server };
  }
}

function fromEntry(
  entry: Readonly<Record<string, unknown>>,
  server: string,
): RegistryCredentials | undefined {
  const { auth, identitytoken } = entry;
  if (typeof identitytoken === "string" && identitytoken !== "") {
    return { identitytoken, serveraddress: server };
  }
  if (typeof auth !== "string") return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  return {
    username: text.slice(0, colon),
    password: text.slice(colon + 1),
    serveraddress: server,
  };
}

async function run(
  program: string,
  argument: string,
  input: string,
  env: DockerHostOptions["env"],
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, [argument], { env, stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.on("error", () => resolve(undefined));
    child.on("close", (code) => resolve(code === 0 ? output : undefined));
    // A helper that ends without reading is judged by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
