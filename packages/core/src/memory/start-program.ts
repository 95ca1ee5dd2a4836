import type { LogStream } from "../logs/log-entry.ts";
import { FILES_DIR, SECRETS_DIR } from "../plan/job-environment.ts";
import { unitEnvironment } from "../plan/unit-environment.ts";
import type { ContainerPlan } from "../plan/job-plan.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import type { JobRecord } from "../record/job-record.ts";
import { interpret, type ProgramHost } from "./interpret.ts";
import type { MemoryContainer, RunningProgram } from "./memory-container.ts";
import { MISSING_COMMAND, programOf, type Program } from "./program.ts";

/**
 * @param files - on volumes, by {@link volumeFile}.
 * @param ask - the services around it.
 * @throws Error when the container's command does not exist.
 */
export function startProgram(
  container: MemoryContainer,
  files: Map<string, Uint8Array>,
  ask: ProgramHost["ask"],
): RunningProgram {
  const { record, unit, log } = container;
  const plan = record.plan.groups.find((group) => group.role === unit.role)?.container;
  if (!plan) throw new Error(`The plan has no ${unit.role}.`);
  if (plan.command[0] === MISSING_COMMAND) throw new Error(`${MISSING_COMMAND}: no such file`);
  const stop = new AbortController();
  let killed = false;
  const hasMaster = record.plan.groups.some((group) => group.role === "master");
  const host: ProgramHost = {
    unit,
    earlierStarts: container.starts - 1,
    env: { ...plan.env, ...unitEnvironment(record, unit, hasMaster ? record.name : undefined) },
    readFile: (path) => placedFile(record, plan, path) ?? files.get(keyOf(container, plan, path)),
    touch: (path) => void files.set(keyOf(container, plan, path), new Uint8Array()),
    write: (stream: LogStream, bytes) => {
      if (!killed) log.write(stream, bytes);
    },
    listen: (port, text) => {
      if (!killed) container.listen(port, text);
    },
    ask,
  };
  const program = programOf(plan.command) ?? pretended(record, container, plan.command);
  return {
    ended: interpret(program, host, stop.signal),
    stop: () => stop.abort(),
    kill: () => {
      killed = true;
      stop.abort();
    },
  };
}

function placedFile(record: JobRecord, plan: ContainerPlan, path: string): Uint8Array | undefined {
  const file = plan.files.find(({ name }) => path === `${FILES_DIR}/${name}`);
  if (file) return Buffer.from(file.contentBase64, "base64");
  const secret = plan.secrets.find((name) => path === `${SECRETS_DIR}/${name}`);
  const value = secret === undefined ? undefined : record.secrets[secret];
  return value === undefined ? undefined : Buffer.from(value);
}

/** Where a file of a volume is kept: volumes of one source are one, and a scratch volume is its container's own. */
export function volumeFile(source: VolumeSource, name: string, containerId: string): string {
  const owner = source.kind === "scratch" ? containerId : "";
  return `${JSON.stringify(source)}${owner}/${name}`;
}

function keyOf({ record, id }: MemoryContainer, plan: ContainerPlan, path: string): string {
  const mount = plan.mounts.find((each) => path.startsWith(`${each.path}/`));
  const source = mount && record.plan.volumes[mount.volume];
  return source ? volumeFile(source, path.slice(mount.path.length + 1), id) : `${id}${path}`;
}

/** Nothing real runs here: a command that is no simulated program says so, and ends well, or waits as a worker does. */
function pretended(
  record: JobRecord,
  { unit }: MemoryContainer,
  command: readonly string[],
): Program {
  const text = `simulated: ${command.length === 0 ? "the image's own command" : command.join(" ")}`;
  const print = { do: "print", text } as const;
  const group = record.plan.groups.find(({ role }) => role === unit.role);
  if (group?.readiness)
    return { steps: [print, { do: "serve", port: group.readiness.port, text }] };
  const waits = unit.role === "worker" && record.plan.completion === "master";
  return {
    steps: waits || group?.lifecycle === "service" ? [print, { do: "untilStopped" }] : [print],
  };
}
