import { isFinal, type Job } from "@juliarun/sdk";
import { formatAge, formatRuntime } from "../terminal/age.ts";
import type { Printer } from "../terminal/printer.ts";
import { renderTable } from "../terminal/table.ts";
import { renderPhase } from "./phase.ts";
import { renderReason } from "./reason.ts";

const COLUMNS = ["NAME", "TYPE", "PHASE", "WORKERS", "AGE", "REASON"];
const WIDE_COLUMNS = [...COLUMNS, "DURATION", "RESTARTS", "MESSAGE"];

/** How jobs are shown. */
export interface JobTableOptions {
  readonly wide: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** False: only the rows, for changes below a table. */
  readonly header?: boolean;
}

/** Jobs as a table, one line each. */
export function renderJobTable(
  printer: Printer,
  jobs: readonly Job[],
  options: JobTableOptions,
): string {
  const { wide, now, header = true } = options;
  const columns = wide ? WIDE_COLUMNS : COLUMNS;
  const rows = jobs.map((job) =>
    wide ? [...cells(printer, job, now), ...wideCells(job, now)] : cells(printer, job, now),
  );
  return renderTable(header ? columns : [], rows);
}

function cells(printer: Printer, job: Job, now: number): string[] {
  const { status } = job;
  return [
    job.name,
    job.type,
    renderPhase(printer, status.phase),
    renderWorkers(job),
    formatAge(now - job.createdAt),
    renderReason(status),
  ];
}

function wideCells({ status }: Job, now: number): string[] {
  const { startedAt, finishedAt = now, units } = status;
  const restarts = units.reduce((sum, unit) => sum + Math.max(0, unit.attempts - 1), 0);
  return [
    startedAt === undefined ? "" : formatRuntime(finishedAt - startedAt),
    String(restarts),
    status.message,
  ];
}

/** `running/requested`, at the end `succeeded/requested`; `-` for a job that has no workers. */
export function renderWorkers({ spec, status }: Pick<Job, "spec" | "status">): string {
  const hasWorkers =
    "nworkers" in spec.parameters || status.units.some((unit) => unit.role === "worker");
  if (!hasWorkers) return "-";
  return `${isFinal(status) ? status.nworkersSucceeded : status.nworkersRunning}/${status.parallelism}`;
}
