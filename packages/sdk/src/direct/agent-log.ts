import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Size at which the log begins anew: it is for looking up what went wrong lately. */
const MAX_BYTES = 1 << 20;

/** The log of a target's agents, in the target's folder. */
export function agentLogFile(folder: string): string {
  return join(folder, "agent.log");
}

/** Opens an agent log for appending; the caller closes it. */
export function openAgentLog(folder: string): number {
  const file = openSync(agentLogFile(folder), "a", 0o600);
  trim(file);
  return file;
}

/** Writes lines to the agent's log, with time and process. */
export class AgentLog {
  readonly #file: number;

  constructor(folder: string) {
    this.#file = openAgentLog(folder);
  }

  readonly write = (text: string): void => {
    trim(this.#file);
    writeSync(this.#file, `${new Date().toISOString()} [${process.pid}] ${text}\n`);
  };

  close(): void {
    closeSync(this.#file);
  }
}

/** The file is open for appending, so whoever else writes to it goes on at its new end. */
function trim(file: number): void {
  if (fstatSync(file).size > MAX_BYTES) ftruncateSync(file, 0);
}
