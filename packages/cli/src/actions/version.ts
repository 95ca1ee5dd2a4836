import { createRequire } from "node:module";
import { isManagerError } from "@juliarun/sdk";
import type { Command } from "commander";
import type { OutputOption } from "../command-line/output-option.ts";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";
import { renderTable } from "../terminal/table.ts";

/** `jrun version` */
export async function version(session: Session, command: Command): Promise<void> {
  const facts = { jrun: ownVersion(), node: process.versions.node, ...(await engine(session)) };
  const json = command.opts<OutputOption>().output === "json";
  await session.out.line(json ? renderJson(facts) : renderTable([], Object.entries(facts)));
}

/** The version of this package. */
export function ownVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("../../package.json");
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}

/** Nothing where it does not answer: the other versions are wanted all the same. */
async function engine(session: Session): Promise<{ engine?: string }> {
  try {
    const found = await (await session.context()).status({ verbose: true, signal: session.signal });
    return found.up ? { engine: `${found.cluster.kind} ${found.cluster.version}` } : {};
  } catch (error) {
    if (isManagerError(error) && !session.signal.aborted) return {};
    throw error;
  }
}
