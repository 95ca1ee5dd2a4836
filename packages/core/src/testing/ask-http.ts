import type { Endpoint } from "../backend/cluster-backend.ts";

const PATIENCE_MS = 5000;

/** `WorldControls.ask` where endpoints can be reached from here: each call is a connection of its own. */
export async function askHttp(
  { hosts, ports }: Endpoint,
  port: string,
): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${hosts[0] ?? ""}:${ports[port] ?? 0}/`, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return response.ok ? (await response.text()).trimEnd() : undefined;
  } catch {
    return undefined;
  }
}
