import type { Endpoint } from "@juliarun/core";
import type { JrunFolder } from "./jrun-folder.ts";

/** Options of `jrun submit Generic` for a small server. */
export const SMALL = ["--cpu", "20m", "--memory", "32Mi"] as const;

/** A server that says its version and its unit at port 8080, ends a second after it is asked to, and answers until then. */
export function pageScript(version: string): string {
  return `mkdir -p /tmp/www
echo "${version} $JRUN_UNIT" >/tmp/www/index.html
httpd -f -p 8080 -h /tmp/www &
trap 'kill $!; sleep 1; exit 0' TERM
wait
`;
}

/** The command line that submits or updates such a service, called \`web\`, whose script is on the run volume. */
export async function pageLine(
  folder: JrunFolder,
  verb: "submit" | "update",
  version: string,
  ...flags: readonly string[]
): Promise<string[]> {
  const path = await folder.file(`${version}.sh`, pageScript(version));
  const command = ["--command", "sh", "--command", path];
  return [verb, "Generic", "web", "sh", "juliarun", ...command, ...SMALL, ...flags];
}

/** Where `jrun endpoint` says that the service's page is. */
export async function pageUrl(folder: JrunFolder): Promise<string> {
  const { hosts, ports } = JSON.parse(
    await folder.jrun("endpoint", "web", "-o", "json"),
  ) as Endpoint;
  return `http://${hosts[0]}:${ports["http"]}/`;
}
