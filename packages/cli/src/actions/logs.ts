import {
  isFinal,
  ManagerError,
  parseDuration,
  type Context,
  type TailOptions,
} from "@juliarun/sdk";
import type { Command } from "commander";
import type { OutputOption } from "../command-line/output-option.ts";
import { parseCount } from "../command-line/parse-option.ts";
import type { Session } from "../session.ts";
import { printLogs } from "./print-logs.ts";

interface LogFlags extends OutputOption {
  readonly follow?: boolean;
  readonly stream?: "stdout" | "stderr";
  readonly tail?: string;
  readonly unit?: string;
  readonly since?: string;
  readonly cursor?: readonly string[];
  readonly timestamps?: boolean;
  readonly prefix?: boolean;
}

/** `jrun logs [job]` */
export async function logs(session: Session, command: Command): Promise<void> {
  const flags = command.opts<LogFlags>();
  const [job] = command.args;
  const query = toQuery(job, flags, Date.now());
  const context = await session.context();
  const several = job !== undefined && flags.unit === undefined && (await hasSeveralUnits());
  const any = await printLogs(session, context, query, {
    json: flags.output === "json",
    prefix: {
      job: job === undefined || flags.prefix === true,
      unit: several,
      time: flags.timestamps ?? false,
    },
  });
  if (!any && job !== undefined && isWhole(flags)) await explainNothing(session, context, job);

  async function hasSeveralUnits(): Promise<boolean> {
    const { status, spec } = await context.inspect(String(job), { signal: session.signal });
    return status.units.length > 1 || "nworkers" in spec.parameters;
  }
}

/** Whether everything that the engine has of a job was asked for. */
function isWhole({ stream, unit, cursor, tail, since }: LogFlags): boolean {
  return [stream, unit, cursor, tail, since].every((flag) => flag === undefined);
}

/** A finished job without output: its containers, which hold what the engine knows, may have been pruned. */
async function explainNothing(session: Session, context: Context, name: string): Promise<void> {
  const { status, spec } = await context.inspect(name, { signal: session.signal });
  if (!isFinal(status) || status.startedAt === undefined) return;
  const { runVolume } = spec.parameters;
  const files =
    typeof runVolume === "string"
      ? `; its log files are in ${name}/log on volume ${runVolume}`
      : "";
  await session.note(
    `The engine has no output of ${name}: it wrote none, or its containers were removed${files}.`,
  );
}

function toQuery(job: string | undefined, flags: LogFlags, now: number): TailOptions {
  const { stream, unit, cursor, follow, tail, since } = flags;
  const count = tail === undefined ? undefined : parseCount("--tail", tail, 0);
  return {
    ...(job === undefined ? {} : { job }),
    ...(stream === undefined ? {} : { stream }),
    ...(unit === undefined ? {} : { unit }),
    ...(cursor === undefined ? {} : { cursors: cursor }),
    ...(count === undefined ? {} : { count }),
    ...(since === undefined ? {} : { sinceNs: toTimeNs(since, now) }),
    follow: follow ?? false,
  };
}

/** A duration before now, or a date. */
function toTimeNs(text: string, now: number): bigint {
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(date)) return BigInt(date) * 1_000_000n;
  try {
    return BigInt(now - parseDuration(text) * 1000) * 1_000_000n;
  } catch (error) {
    throw new ManagerError(
      "SPEC_INVALID",
      `--since must be a duration such as 10m or a time such as 2026-01-31T12:00:00Z, not ${JSON.stringify(text)}`,
      { hint: "", cause: error },
    );
  }
}
