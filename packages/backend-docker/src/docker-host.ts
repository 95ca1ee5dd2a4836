import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ManagerError } from "@juliarun/core";
import { isObject } from "./is-object.ts";

/** How the engine is chosen: configuration first, then what the `docker` command would use. */
export interface DockerHostOptions {
  /** `unix:///…`, `tcp://…`, `https://…`, `ssh://…`: the configuration's `compute.docker.host`. */
  readonly host?: string;
  /** Name of a docker context: the configuration's `compute.docker.context`. */
  readonly context?: string;
  /** DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG, DOCKER_CERT_PATH, DOCKER_TLS_VERIFY, XDG_RUNTIME_DIR, HOME. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Certificates of a TLS connection, PEM. */
export interface DockerTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly verify: boolean;
}

/** Where the engine listens. */
export interface DockerHost {
  readonly protocol: "unix" | "npipe" | "http" | "https" | "ssh";
  /** Of `unix` and `npipe`. */
  readonly socketPath?: string;
  readonly hostname?: string;
  readonly port?: number;
  readonly username?: string;
  readonly tls?: DockerTls;
  /** For people: no credentials. */
  readonly address: string;
}

/** Finds the engine as the `docker` command does: host, then context, then DOCKER_HOST, DOCKER_CONTEXT, the current context, the default socket. */
export function resolveDockerHost(options: DockerHostOptions): DockerHost {
  const { env } = options;
  if (options.host !== undefined) return parseHost(options.host, environmentTls(env));
  if (options.context !== undefined) return fromContext(options.context, env);
  if (env["DOCKER_HOST"]) return parseHost(env["DOCKER_HOST"], environmentTls(env));
  const context = env["DOCKER_CONTEXT"] ?? currentContext(env);
  return context === undefined ? defaultSocket(env) : fromContext(context, env);
}

/** The folder of the docker command's own configuration. */
export function dockerConfigFolder(env: DockerHostOptions["env"]): string {
  return env["DOCKER_CONFIG"] ?? join(env["HOME"] ?? env["USERPROFILE"] ?? "", ".docker");
}

/** The docker command's `config.json`; undefined when there is none. */
export function readDockerConfig(
  env: DockerHostOptions["env"],
): Readonly<Record<string, unknown>> | undefined {
  return readJson(join(dockerConfigFolder(env), "config.json"));
}

function currentContext(env: DockerHostOptions["env"]): string | undefined {
  const name = readDockerConfig(env)?.["currentContext"];
  return typeof name === "string" && name !== "" ? name : undefined;
}

function fromContext(name: string, env: DockerHostOptions["env"]): DockerHost {
  if (name === "default") return defaultSocket(env);
  const id = createHash("sha256").update(name).digest("hex");
  const contexts = join(dockerConfigFolder(env), "contexts");
  const endpoints = readJson(join(contexts, "meta", id, "meta.json"))?.["Endpoints"];
  const endpoint = isObject(endpoints) ? endpoints["docker"] : undefined;
  if (!isObject(endpoint) || typeof endpoint["Host"] !== "string") {
    throw new ManagerError("CONFIG_INVALID", `There is no docker context \`${name}\`.`, {
      hint: "`docker context ls` lists them; correct `compute.docker.context` or DOCKER_CONTEXT.",
    });
  }
  const verify = endpoint["SkipTLSVerify"] !== true;
  return parseHost(endpoint["Host"], readTls(join(contexts, "tls", id, "docker"), verify));
}

function defaultSocket(env: DockerHostOptions["env"]): DockerHost {
  const runtimeDir = env["XDG_RUNTIME_DIR"];
  const candidates = [
    "/var/run/docker.sock",
    ...(runtimeDir ? [join(runtimeDir, "docker.sock")] : []),
    join(dockerConfigFolder(env), "run", "docker.sock"),
  ];
  const found = candidates.find((path) => existsSync(path)) ?? "/var/run/docker.sock";
  return parseHost(`unix://${found}`, undefined);
}

/** @throws ManagerError CONFIG_INVALID for an address of no known form. */
function parseHost(host: string, tls: DockerTls | undefined): DockerHost {
  if (host.startsWith("/")) return parseHost(`unix://${host}`, tls);
  const socket = /^(unix|npipe):\/\/(.+)$/.exec(host);
  if (socket?.[2] !== undefined) {
    const protocol = socket[1] === "unix" ? "unix" : "npipe";
    return { protocol, socketPath: socket[2], address: host };
  }
  const url = URL.parse(host.includes("://") ? host : `tcp://${host}`);
  const protocol = url ? networkProtocol(url, tls) : undefined;
  if (!url || protocol === undefined || url.hostname === "") {
    throw new ManagerError("CONFIG_INVALID", `\`${host}\` is not an address of a Docker Engine.`, {
      hint: "Write it as `unix:///var/run/docker.sock`, `tcp://host:2376` or `ssh://user@host`.",
    });
  }
  const port = url.port === "" ? DEFAULT_PORTS[protocol] : Number(url.port);
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    protocol,
    hostname,
    port,
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(protocol === "https" && tls ? { tls } : {}),
    address: `${protocol === "ssh" ? "ssh" : "tcp"}://${url.hostname}:${port}`,
  };
}

const DEFAULT_PORTS = { http: 2375, https: 2376, ssh: 22 } as const;

function networkProtocol(
  url: URL,
  tls: DockerTls | undefined,
): keyof typeof DEFAULT_PORTS | undefined {
  switch (url.protocol) {
    case "ssh:":
      return "ssh";
    case "https:":
      return "https";
    case "http:":
      return "http";
    case "tcp:":
      return tls || url.port === "2376" ? "https" : "http";
    default:
      return undefined;
  }
}

/** As the docker command: certificates count only where DOCKER_TLS_VERIFY is set. */
function environmentTls(env: DockerHostOptions["env"]): DockerTls | undefined {
  if (!env["DOCKER_TLS_VERIFY"]) return undefined;
  return readTls(env["DOCKER_CERT_PATH"] ?? dockerConfigFolder(env), true);
}

function readTls(folder: string, verify: boolean): DockerTls | undefined {
  if (!existsSync(folder)) return undefined;
  const read = (name: "ca" | "cert" | "key"): Partial<DockerTls> => {
    const path = join(folder, `${name}.pem`);
    return existsSync(path) ? { [name]: readFileSync(path, "utf8") } : {};
  };
  return { ...read("ca"), ...read("cert"), ...read("key"), verify };
}

function readJson(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new ManagerError("CONFIG_INVALID", `Cannot read ${path}: ${String(error)}`, {
      cause: error,
      hint: "Correct the file; the docker command reads it too.",
    });
  }
}
