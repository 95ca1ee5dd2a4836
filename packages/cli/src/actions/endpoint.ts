import type { Command } from "commander";
import type { OutputOption } from "../command-line/output-option.ts";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";
import { renderTable } from "../terminal/table.ts";

interface EndpointFlags extends OutputOption {
  readonly proxy?: string | true;
}

/** `jrun endpoint <job>` */
export async function endpoint(session: Session, command: Command): Promise<void> {
  const { proxy, output } = command.opts<EndpointFlags>();
  const [name = ""] = command.args;
  const { out, signal } = session;
  const context = await session.context();
  if (proxy !== undefined) {
    const url = await context.endpointProxy(name, proxy === true ? undefined : proxy, { signal });
    return out.line(output === "json" ? renderJson({ url }) : url);
  }
  const found = await context.endpoint(name, { signal });
  if (output === "json") return out.line(renderJson(found));
  const rows = Object.entries(found.ports).map(([port, number]) => [
    port,
    found.hosts.map((host) => `${host}:${number}`).join(" "),
  ]);
  return out.line(renderTable(["PORT", "ADDRESS"], rows));
}
