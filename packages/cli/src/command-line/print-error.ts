import type { ManagerError } from "@juliarun/core";
import type { Printer } from "../terminal/printer.ts";

/** Prints an error for people: what failed, then what to do; with `debug` also where it came from. */
export async function printError(err: Printer, error: ManagerError, debug: boolean): Promise<void> {
  await err.line(`${err.style("error:", "bold", "red")} ${error.message}`);
  if (error.hint !== "") await err.line(`${err.style("hint:", "bold", "cyan")} ${error.hint}`);
  if (!debug) return;
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 8; depth++) {
    await err.line(
      err.style(`${depth === 0 ? "" : "caused by: "}${cause.stack ?? cause.message}`, "dim"),
    );
    cause = cause.cause;
  }
}
