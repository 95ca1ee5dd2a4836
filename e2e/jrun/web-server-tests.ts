import { expect, test } from "vitest";
import type { JrunFolder } from "./jrun-folder.ts";
import { untilRunning, type ServerBench } from "./server-bench.ts";
import { Visitor } from "./visitor.ts";
import { pageUrl } from "./web-page.ts";

const PATIENCE = { timeout: 20_000 };

/** Serves the run volume, and at `/unit` its version and the name of its host. */
function siteConfig(version: string): string {
  return `pid /tmp/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  default_type text/plain;
  server {
    listen 80;
    root /mnt/juliarun;
    location = /unit { return 200 "${version} $hostname"; }
  }
}
`;
}

async function siteLine(
  folder: JrunFolder,
  verb: "submit" | "update",
  version: string,
  ...flags: readonly string[]
): Promise<string[]> {
  const file = await folder.file(`${version}.conf`, siteConfig(version));
  const sizes = ["--cpu", "20m", "--memory", "64Mi", "--nworkers", "2", "--ports", "http:80:80"];
  return [verb, "Webserver", "web", file, "juliarun", ...sizes, ...flags];
}

async function ask(url: string): Promise<string> {
  return (await (await fetch(url, { headers: { connection: "close" } })).text()).trim();
}

/** Versions that answer, and how many hosts. */
function heard({ answers }: Visitor): [string[], number] {
  const texts = [...answers.keys()];
  const versions = new Set(texts.map((text) => text.split(" ")[0] ?? ""));
  return [[...versions].toSorted(), texts.length];
}

/** The tests of a real web server, on any engine. */
export function testWebServers<Folder extends JrunFolder & AsyncDisposable>({
  create,
  reach,
  kill,
}: ServerBench<Folder>): void {
  test("serves the run volume by two containers, and gets another configuration without a failed request", async () => {
    await using folder = await create();
    await folder.file("page.txt", "first\n");
    await folder.jrun(...(await siteLine(folder, "submit", "old", ...reach)));
    await untilRunning(folder, "web", 2);
    const url = await pageUrl(folder);
    await expect.poll(async () => ask(`${url}page.txt`), PATIENCE).toBe("first");
    await folder.file("page.txt", "second\n");
    expect(await ask(`${url}page.txt`)).toBe("second");

    await using visitor = new Visitor(`${url}unit`);
    await expect.poll(() => heard(visitor), PATIENCE).toEqual([["old"], 2]);
    const update = await siteLine(folder, "update", "new", ...reach, "--wait");
    expect(await folder.jrun(...update)).toContain("updated: web");
    await untilRunning(folder, "web", 2);
    const heardAnew = (): [string[], number] => {
      const answers = heard(visitor);
      visitor.answers.clear();
      return answers;
    };
    // One more than wanted may still answer while it leaves.
    await expect.poll(heardAnew, { ...PATIENCE, interval: 1000 }).toEqual([["new"], 2]);
    expect(visitor.failures).toEqual([]);
  });

  test("goes on when one of its containers is killed under load", async () => {
    await using folder = await create();
    await folder.jrun(...(await siteLine(folder, "submit", "page", ...reach)));
    await untilRunning(folder, "web", 2);
    await using visitor = new Visitor(`${await pageUrl(folder)}unit`);
    await expect.poll(() => heard(visitor), PATIENCE).toEqual([["page"], 2]);
    const before = visitor.count;
    await kill(folder, "web", "worker-0");
    await expect.poll(() => visitor.count - before, PATIENCE).toBeGreaterThan(100);
    await untilRunning(folder, "web", 2);
    visitor.answers.clear();
    visitor.failures.length = 0;
    await expect.poll(() => heard(visitor), PATIENCE).toEqual([["page"], 2]);
    expect(visitor.failures).toEqual([]);
  });
}
