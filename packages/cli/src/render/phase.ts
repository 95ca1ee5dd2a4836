import type { JobPhase, UnitPhase } from "@juliarun/sdk";
import type { Printer, Style } from "../terminal/printer.ts";

const STYLES: Readonly<Record<JobPhase | UnitPhase, readonly Style[]>> = {
  queued: ["yellow"],
  pending: ["yellow"],
  starting: ["cyan"],
  running: ["blue"],
  restarting: ["yellow"],
  idle: ["dim"],
  stopped: ["dim"],
  deleting: ["dim"],
  succeeded: ["green"],
  failed: ["red"],
  lost: ["red"],
};

/** A phase in its colour. */
export function renderPhase(printer: Printer, phase: JobPhase | UnitPhase): string {
  return printer.style(phase, ...STYLES[phase]);
}
