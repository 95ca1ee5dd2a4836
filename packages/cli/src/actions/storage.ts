import { applyVolumes, planVolumes, type StorageObject } from "@juliarun/sdk/kubernetes";
import type { Command } from "commander";
import { stringify } from "yaml";
import type { OutputOption } from "../command-line/output-option.ts";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";
import { renderTable } from "../terminal/table.ts";

interface StorageFlags extends OutputOption {
  readonly dryRun?: boolean;
}

/** `jrun storage apply` */
export async function applyStorage(session: Session, command: Command): Promise<void> {
  const { dryRun, output } = command.opts<StorageFlags>();
  const { io, options: given, out, signal } = session;
  const options = {
    env: io.env,
    cwd: io.cwd,
    config: given.config,
    namespace: given.namespace,
    volumes: command.args.length === 0 ? undefined : command.args,
    signal,
  };
  const objects = await planVolumes(options);
  if (objects.length === 0)
    await session.note("No configured volume needs anything in the cluster.");
  const changes = dryRun
    ? objects.map(({ kind = "", metadata }) => ({
        kind,
        name: metadata?.name ?? "",
        change: "would be made",
      }))
    : await applyVolumes(options);
  if (output === "json" || output === "yaml") return out.write(renderObjects(objects, output));
  const rows = changes.map(({ kind, name, change }) => [kind, name, change]);
  if (rows.length > 0) await out.line(renderTable(["KIND", "NAME", "CHANGE"], rows));
  return undefined;
}

/** In the form that kubectl reads. */
function renderObjects(objects: readonly StorageObject[], format: "json" | "yaml"): string {
  if (format === "json")
    return `${renderJson({ apiVersion: "v1", kind: "List", items: objects })}\n`;
  return objects.map((object) => `---\n${stringify(object)}`).join("");
}
