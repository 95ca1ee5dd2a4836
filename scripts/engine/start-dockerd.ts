import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { copyFile, chmod, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Problem } from "../progress/problem.ts";
import { findEngine, type Engine } from "./find-engine.ts";

const logFile = "/var/log/dockerd.log";
const startTimeoutMs = 60_000;

/** Starts the installed Docker Engine as a service of this machine, and waits until it answers. */
export async function startDockerd(): Promise<Engine> {
  if (existsSync("/run/systemd/system")) await execa("systemctl", ["start", "docker"]);
  else await spawnDockerd();
  const deadlineMs = Date.now() + startTimeoutMs;
  for (;;) {
    const engine = await findEngine();
    if ("docker" in engine) return engine;
    if (Date.now() > deadlineMs) {
      throw new Problem(
        `dockerd was started but does not answer. ${engine.reason}\n${await logTail()}`,
      );
    }
    await sleep(200);
  }
}

/** dockerd's options for this host: a runtime of ours where root lacks CAP_SYS_RESOURCE. */
export async function runtimeOptions(): Promise<string[]> {
  if (await hasCapability(capSysResource)) return [];
  // runc cannot grant what root itself lacks: every privileged container would fail to start.
  const wrapper = "/usr/local/bin/runc-bounded";
  await copyFile(fileURLToPath(new URL("runc-bounded", import.meta.url)), wrapper);
  await chmod(wrapper, 0o755);
  return ["--add-runtime", `bounded=${wrapper}`, "--default-runtime", "bounded"];
}

const capSysResource = 24n;

async function hasCapability(bit: bigint): Promise<boolean> {
  const status = await readFile("/proc/self/status", "utf8");
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return bounding === undefined || ((BigInt(`0x${bounding}`) >> bit) & 1n) === 1n;
}

async function spawnDockerd(): Promise<void> {
  const options = await runtimeOptions();
  // Its own session and log: it outlives this process, and holds none of its pipes open.
  const log = openSync(logFile, "a");
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  const child = spawn("dockerd", options, {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    env: { ...process.env, PATH: path },
  });
  child.unref();
  closeSync(log);
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
}

async function logTail(): Promise<string> {
  const text = await readFile(logFile, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-20).join("\n");
}
