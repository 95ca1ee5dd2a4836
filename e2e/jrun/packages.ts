import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JrunFolder } from "./jrun-folder.ts";

/** What a build or a use takes here; the manual's defaults are for real packages. */
const SIZES = ["--cpu", "300m", "--memory", "1Gi"];

const GREETING_ID = "5d0a3f66-6f2b-4f0c-9a39-6f7d1c1f0a01";
const GREETING = `[[Greeting]]
path = "<path>"
uuid = "${GREETING_ID}"
version = "0.1.0"
`;

/** Volumes of a bundle `pkgs` in a folder of the engine's machine. */
export function bundleVolumes(path: string): readonly object[] {
  return [
    { name: "pkgs", path, readonly: true },
    { name: "pkgsrw", path, readonly: false },
  ];
}

/** Julia code that puts a package into the bundle that is built, as a load path has it. */
export function loosePackage(name: string, version: number): string {
  return `let src = mkpath(joinpath(ENV["JRUN_PKG_BUNDLE"], "${name}", "src"))
    write(joinpath(src, "${name}.jl"), "module ${name}; version() = ${version}; end")
end
`;
}

/** Julia code that puts a package into the bundle that is built, as Pkg has it: without a registry, so that no network is needed. */
export const PKG_PACKAGE = `using Pkg
let bundle = ENV["JRUN_PKG_BUNDLE"]
    code = joinpath(bundle, "dev", "Greeting")
    mkpath(joinpath(code, "src"))
    write(joinpath(code, "Project.toml"), "name = \\"Greeting\\"\\nuuid = \\"${GREETING_ID}\\"\\nversion = \\"0.1.0\\"\\n")
    write(joinpath(code, "src", "Greeting.jl"), "module Greeting; hi() = \\"hi\\"; end")
    env = mkpath(joinpath(bundle, "environments", "v$(VERSION.major).$(VERSION.minor)"))
    write(joinpath(env, "Project.toml"), "[deps]\\nGreeting = \\"${GREETING_ID}\\"\\n")
    write(joinpath(env, "Manifest.toml"), replace(${JSON.stringify(GREETING)}, "<path>" => code))
    Pkg.instantiate()
end
`;

/** The command line that builds the bundle by a script. */
export async function buildLine(
  place: JrunFolder,
  name: string,
  script: string,
  ...flags: readonly string[]
): Promise<string[]> {
  const path = await place.file(`${name}.jl`, script);
  return ["submit", "PkgBuilder", name, path, "juliarun", "pkgs", ...SIZES, ...flags];
}

/** Builds the bundle, which has to succeed. */
export async function build(place: JrunFolder, name: string, script: string): Promise<void> {
  await place.jrun(...(await buildLine(place, name, script, "--wait")));
}

/** Runs a script in a job that has to succeed, with what Julia says of loading on stderr; its standard output and error. */
export async function use(
  place: JrunFolder,
  name: string,
  script: string,
  ...flags: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  const path = await place.file(`${name}.jl`, script);
  const debug = ["--envvars", "JULIA_DEBUG=loading", "--wait"];
  await place.jrun("submit", "JuliaBatch", name, path, "juliarun", ...SIZES, ...debug, ...flags);
  const [stdout, stderr] = await Promise.all([
    place.readFile(`${name}/log/master.stdout`),
    place.readFile(`${name}/log/master.stderr`),
  ]);
  return { stdout, stderr };
}

/** A project on the run volume that uses the package Greeting beside it, by its path; its path in containers. */
export async function makeProject(place: JrunFolder, name: string): Promise<string> {
  await writeGreeting(join(place.volume, "Greeting"));
  const folder = join(place.volume, name);
  await mkdir(folder);
  await writeProject(folder, "../Greeting");
  return `/mnt/juliarun/${name}`;
}

/** The files of a project that uses the package Greeting. */
export async function writeProject(folder: string, path: string): Promise<void> {
  await writeFile(join(folder, "Project.toml"), `[deps]\nGreeting = "${GREETING_ID}"\n`);
  await writeFile(join(folder, "Manifest.toml"), GREETING.replace("<path>", path));
}

/** The folders in the cache of projects, as `<key>/<folder>`. */
export async function preparedProjects(place: JrunFolder): Promise<string[]> {
  const cache = join(place.volume, ".juliarun/projects");
  const keys = await readdir(cache);
  const found = keys.map(async (key) => {
    const entries = await readdir(join(cache, key), { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [`${key}/${entry.name}`] : []));
  });
  return (await Promise.all(found)).flat();
}

async function writeGreeting(folder: string): Promise<void> {
  await mkdir(join(folder, "src"), { recursive: true });
  const project = `name = "Greeting"\nuuid = "${GREETING_ID}"\nversion = "0.1.0"\n`;
  await writeFile(join(folder, "Project.toml"), project);
  await writeFile(join(folder, "src/Greeting.jl"), 'module Greeting; hi() = "hi"; end\n');
}
