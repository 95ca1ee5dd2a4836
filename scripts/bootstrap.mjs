// Runs on Node 20 with nothing installed: installs the workspace, then goes on under its Node 24.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".juliarun-install");
/** Downloads that stall were seen; a fresh machine needs about a minute. */
const INSTALL_LIMIT_MS = 15 * 60_000;
const PROGRESS_MS = 15_000;

/** Installs what the lockfile names, then runs a script of this folder and ends as it ends. */
export async function bootstrap(script) {
  const installed = await install();
  if (installed !== 0) {
    process.exitCode = installed;
    return;
  }
  const node = createRequire(import.meta.url).resolve("node/bin/node");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
  const flags = ["--conditions=source", "--disable-warning=ExperimentalWarning"];
  const args = [...flags, join(root, "scripts", script), ...process.argv.slice(2)];
  process.exitCode = await run(node, args, { env });
}

async function install() {
  const wanted = manifestHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return 0;
  const startedMs = Date.now();
  const command = ["npx", "-y", "pnpm@10", "install", "--frozen-lockfile"];
  console.log(`Installing the workspace from its lockfile (${command.join(" ")}) …`);
  // It asks before it replaces what another pnpm has installed, and nobody could answer here.
  const [name, ...args] = [...command, "--config.confirmModulesPurge=false"];
  const log = [];
  const seconds = () => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
  const progress = setInterval(
    () => console.log(`Installing the workspace … ${seconds()}`),
    PROGRESS_MS,
  );
  const late = AbortSignal.timeout(INSTALL_LIMIT_MS);
  const code = await run(name, args, {
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, which ends as a whole: what it starts may be what hangs.
    detached: process.platform !== "win32",
    signal: late,
    onOutput: (chunk) => log.push(chunk),
  });
  clearInterval(progress);
  if (code === 0) writeFileSync(stamp, wanted);
  else process.stderr.write(Buffer.concat(log));
  console.log(`Installing the workspace: ${code === 0 ? "done in" : "FAILED after"} ${seconds()}`);
  if (late.aborted)
    console.log("A download has stalled. Run this again; what is there already is used.");
  return code;
}

function manifestHash() {
  const folders = readdirSync(join(root, "packages")).map((name) => join("packages", name));
  const files = ["", "e2e", "bench", "scripts", "examples/job-types", ...folders].map((folder) =>
    join(folder, "package.json"),
  );
  const hash = createHash("sha256");
  for (const file of [...files, "pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function run(command, args, { onOutput, signal: late, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", onOutput);
    const forward = (signal) => {
      if (options.detached && child.pid !== undefined) process.kill(-child.pid, signal);
      // A terminal has already sent its Ctrl-C to a child of the same group.
      else if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    // SIGTERM was seen to be ignored by a package manager that waits for a download.
    const kill = () => forward("SIGKILL");
    late?.addEventListener("abort", kill);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const name of signals) process.removeListener(name, forward);
      late?.removeEventListener("abort", kill);
      resolve(signal === null ? (code ?? 1) : 1);
    });
  });
}
