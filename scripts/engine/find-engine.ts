import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { engineAddresses, type EngineAddress } from "./engine-address.ts";

/** A Docker Engine that answered. */
export interface Engine {
  readonly docker: Docker;
  readonly address: EngineAddress;
  readonly version: string;
}

/** Why none answered, and whether that is by the user's own setting. */
export interface NoEngine {
  readonly reason: string;
  readonly configured: boolean;
}

const answerTimeoutMs = 5000;

/** The Docker Engine of this user's settings. */
export async function findEngine(): Promise<Engine | NoEngine> {
  const surroundings = { env: process.env, home: homedir(), platform: process.platform };
  const addresses = await engineAddresses(surroundings);
  const failures: string[] = [];
  for (const address of addresses) {
    try {
      const docker = new Docker(await connectOptions(address));
      const { Version: version } = await withTimeout(docker.version());
      return { docker, address, version };
    } catch (error) {
      failures.push(`${address.host || "no address"} (${address.source}): ${messageOf(error)}`);
    }
  }
  const configured = !addresses.every(({ source }) => source.startsWith("default"));
  return { reason: failures.join("; "), configured };
}

/** dockerode's options for an address. */
export async function connectOptions(address: EngineAddress): Promise<Docker.DockerOptions> {
  if (address.host === "") throw new Error("the context does not exist or names no Docker host");
  const url = new URL(address.host);
  if (url.protocol === "unix:") return { socketPath: url.pathname };
  if (url.protocol === "npipe:") return { socketPath: address.host.slice("npipe://".length) };
  if (url.protocol === "ssh:")
    return { protocol: "ssh", host: url.hostname, port: url.port || 22, username: url.username };
  const certificates =
    address.certPath === undefined ? {} : await readCertificates(address.certPath);
  const tls = "ca" in certificates;
  return {
    protocol: tls ? "https" : "http",
    host: url.hostname,
    port: url.port || (tls ? 2376 : 2375),
    ...certificates,
  };
}

async function readCertificates(
  folder: string,
): Promise<{ ca: Buffer; cert: Buffer; key: Buffer } | object> {
  try {
    const [ca, cert, key] = await Promise.all(
      ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(join(folder, name))),
    );
    return { ca, cert, key };
  } catch {
    return {};
  }
}

async function withTimeout<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`no answer in ${answerTimeoutMs / 1000} s`)),
    answerTimeoutMs,
  );
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error
    ? error.message || ("code" in error ? String(error.code) : error.name)
    : String(error);
}
