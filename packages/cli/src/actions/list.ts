import { ManagerError, nearestName, type Job, type JobFilter, type JobPhase } from "@juliarun/sdk";
import type { Command } from "commander";
import type { OutputOption } from "../command-line/output-option.ts";
import { renderJobTable } from "../render/job-table.ts";
import { jobJson, renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";

interface ListFlags extends OutputOption {
  readonly type?: string;
  readonly phase?: readonly string[];
  readonly label?: readonly string[];
  readonly watch?: boolean;
}

const PHASES: readonly JobPhase[] = [
  "queued",
  "starting",
  "running",
  "idle",
  "deleting",
  "succeeded",
  "failed",
  "lost",
];

/** `jrun ls` */
export async function list(session: Session, command: Command): Promise<void> {
  const flags = command.opts<ListFlags>();
  const filter = toFilter(flags);
  const context = await session.context();
  if (!flags.watch) {
    const jobs = await context.list(filter, { signal: session.signal });
    if (jobs.length === 0 && isTable(flags))
      return session.note(`No jobs in namespace ${context.namespace}.`);
    return print(session, flags, jobs, true);
  }
  for await (const event of context.watch(filter, { signal: session.signal })) {
    if (event.type === "snapshot") await print(session, flags, event.jobs, true);
    else if (event.type === "changed") await print(session, flags, [event.job], false);
    else if (event.type === "deleted") await printDeleted(session, flags, event.name);
    else await session.note(`The engine does not answer: ${event.message} Waiting for it.`);
  }
}

const isTable = ({ output = "table" }: ListFlags): boolean =>
  output === "table" || output === "wide";

async function print(
  session: Session,
  flags: ListFlags,
  jobs: readonly Job[],
  header: boolean,
): Promise<void> {
  const { out } = session;
  if (flags.output === "json") {
    if (!flags.watch) return out.line(renderJson(jobs.map((job) => jobJson(job))));
    for (const job of jobs) await out.line(renderJson(jobJson(job), "line"));
    return undefined;
  }
  if (jobs.length === 0 && !(header && isTable(flags))) return undefined;
  if (flags.output === "name") return out.line(jobs.map((job) => job.name).join("\n"));
  return out.line(
    renderJobTable(out, jobs, { wide: flags.output === "wide", now: Date.now(), header }),
  );
}

async function printDeleted({ out }: Session, flags: ListFlags, name: string): Promise<void> {
  if (flags.output === "json") return out.line(renderJson({ name, deleted: true }, "line"));
  if (isTable(flags)) return out.line(out.style(`${name}   deleted`, "dim"));
  return undefined;
}

function toFilter({ type, phase, label }: ListFlags): JobFilter {
  const phases = phase?.flatMap((each) => each.split(",")).map((each) => toPhase(each.trim()));
  const labels = label?.map((each) => toPair(each));
  return {
    ...(type === undefined ? {} : { type }),
    ...(phases === undefined ? {} : { phases }),
    ...(labels === undefined ? {} : { labels: Object.fromEntries(labels) }),
  };
}

function toPhase(text: string): JobPhase {
  const found = PHASES.find((phase) => phase === text);
  if (found) return found;
  const guess = nearestName(text, PHASES);
  throw new ManagerError(
    "SPEC_INVALID",
    `--phase must be one of ${PHASES.join(", ")}, not ${JSON.stringify(text)}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    { hint: "" },
  );
}

function toPair(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new ManagerError(
    "SPEC_INVALID",
    `--label must be like name=value, not ${JSON.stringify(text)}`,
    { hint: "" },
  );
}
