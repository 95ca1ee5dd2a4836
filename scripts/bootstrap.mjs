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
  const code = await run(name, args, {
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
    onOutput: (chunk) => log.push(chunk),
  });
  if (code === 0) writeFileSync(stamp, wanted);
  else process.stderr.write(Buffer.concat(log));
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log(`Installing the workspace: ${code === 0 ? "done in" : "FAILED after"} ${seconds} s`);
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

function run(command, args, { onOutput, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", onOutput);
    const forward = (signal) => {
      // A terminal has already sent its Ctrl-C to the child.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const name of signals) process.removeListener(name, forward);
      resolve(signal === null ? (code ?? 1) : 1);
    });
  });
}
