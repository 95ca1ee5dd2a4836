import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** One way to reach a Docker Engine, and where it was found. */
export interface EngineAddress {
  /** A `DOCKER_HOST` value: `unix:///…`, `tcp://…`, `ssh://…`, `npipe://…`. */
  readonly host: string;
  /** The setting that names it. */
  readonly source: string;
  /** The folder with ca.pem, cert.pem and key.pem. */
  readonly certPath?: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/**
 * The addresses to try, in order. A setting of the user's (`DOCKER_HOST`, `DOCKER_CONTEXT`, the docker CLI's
 * current context) is the only answer; otherwise the sockets that engines use by default.
 */
export async function engineAddresses(surroundings: Surroundings): Promise<EngineAddress[]> {
  const { env, home, platform } = surroundings;
  if (env["DOCKER_HOST"]) {
    const certPath = env["DOCKER_TLS_VERIFY"]
      ? (env["DOCKER_CERT_PATH"] ?? join(home, ".docker"))
      : undefined;
    return [address(env["DOCKER_HOST"], "DOCKER_HOST", certPath)];
  }
  const folder = env["DOCKER_CONFIG"] ?? join(home, ".docker");
  const context = env["DOCKER_CONTEXT"] ?? (await currentContext(folder));
  if (context && context !== "default") return [await contextAddress(folder, context)];
  if (platform === "win32") return [address("npipe:////./pipe/docker_engine", "default pipe")];
  const sockets = ["/var/run/docker.sock", join(home, ".docker/run/docker.sock")];
  if (env["XDG_RUNTIME_DIR"]) sockets.push(join(env["XDG_RUNTIME_DIR"], "docker.sock"));
  return sockets.map((path) => address(`unix://${path}`, "default socket"));
}

function address(host: string, source: string, certPath?: string): EngineAddress {
  return { host, source, ...(certPath !== undefined && { certPath }) };
}

async function currentContext(folder: string): Promise<string | undefined> {
  const config = await readJson<{ currentContext?: string }>(join(folder, "config.json"));
  return config?.currentContext;
}

async function contextAddress(folder: string, context: string): Promise<EngineAddress> {
  // The docker CLI keeps each context in a folder named by the SHA-256 of its name.
  const id = createHash("sha256").update(context).digest("hex");
  const file = join(folder, "contexts/meta", id, "meta.json");
  const meta = await readJson<{ Endpoints?: { docker?: { Host?: string } } }>(file);
  const host = meta?.Endpoints?.docker?.Host;
  const source = `docker context "${context}"`;
  if (!host) return address("", source);
  const tls = join(folder, "contexts/tls", id, "docker");
  return address(host, source, host.startsWith("tcp:") ? tls : undefined);
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}
