import type { Job, UnitStatus } from "@juliarun/sdk";
import { formatAge, formatRuntime } from "../terminal/age.ts";
import type { Printer } from "../terminal/printer.ts";
import { renderTable } from "../terminal/table.ts";
import { renderWorkers } from "./job-table.ts";
import { renderPhase } from "./phase.ts";
import { renderReason } from "./reason.ts";

/** One job with its units, for people. */
export function renderJobStatus(printer: Printer, job: Job, now: number): string {
  const { status } = job;
  const time = (at: number | undefined): string =>
    at === undefined ? "-" : `${new Date(at).toISOString()} (${formatAge(now - at)} ago)`;
  const facts: [string, string][] = [
    ["Name:", printer.style(job.name, "bold")],
    ["Type:", job.type],
    ["Namespace:", job.namespace],
    ["Phase:", renderPhase(printer, status.phase)],
    ["Reason:", status.message],
    ["Workers:", renderWorkers(job)],
    ["Submitted:", time(status.submittedAt)],
    ["Started:", time(status.startedAt)],
    ["Finished:", time(status.finishedAt)],
  ];
  if (status.exitCode !== undefined) facts.push(["Exit code:", String(status.exitCode)]);
  const units = status.units.map((unit) => unitCells(printer, unit, now));
  const table = renderTable(
    ["UNIT", "PHASE", "STARTS", "RUNTIME", "EXIT", "REASON", "MESSAGE"],
    units,
  );
  return `${renderTable([], facts)}\n\n${units.length === 0 ? "No units." : table}`;
}

function unitCells(printer: Printer, unit: UnitStatus, now: number): string[] {
  const { startedAt, finishedAt = now } = unit;
  return [
    unit.name,
    renderPhase(printer, unit.phase),
    String(unit.attempts),
    startedAt === undefined ? "" : formatRuntime(finishedAt - startedAt),
    unit.exitCode === undefined ? "" : String(unit.exitCode),
    renderReason(unit),
    unit.phase === "running" || unit.phase === "succeeded" ? "" : unit.message,
  ];
}
