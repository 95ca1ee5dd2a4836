import { registryOf } from "../plan/image-reference.ts";
import type { RegistrySource } from "./registry-schema.ts";
import { resolveSecret, type SecretSource } from "./secret.ts";

/** What a registry is asked with. Never shown. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** The registries that the configuration has credentials for. */
export class Registries {
  readonly #sources: Readonly<Record<string, RegistrySource>>;
  readonly #secrets: SecretSource;

  /** @param secrets - where passwords are read from, each time anew: they may be renewed. */
  constructor(sources: Readonly<Record<string, RegistrySource>>, secrets: SecretSource) {
    this.#sources = sources;
    this.#secrets = secrets;
  }

  /** What is configured for the registry of an image, without its password; undefined: nothing. */
  of(image: string): (RegistrySource & { readonly registry: string }) | undefined {
    const registry = registryOf(image);
    const source = Object.hasOwn(this.#sources, registry) ? this.#sources[registry] : undefined;
    return source && { ...source, registry };
  }

  /**
   * User and password for the registry of an image; undefined where none are configured.
   * @throws ManagerError CONFIG_INVALID when the file or variable with the password cannot be read.
   */
  async login(image: string): Promise<RegistryLogin | undefined> {
    const source = this.of(image);
    if (source?.username === undefined || source.password === undefined) return undefined;
    const key = `registries.${source.registry}.password`;
    return {
      username: source.username,
      password: await resolveSecret(source.password, key, this.#secrets),
    };
  }
}
