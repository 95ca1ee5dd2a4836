import { findEngine } from "@juliarun/scripts/engine";
import type Docker from "dockerode";

/** The Docker Engine that tests may use: to be called where `inject("docker").available`. */
export async function testEngine(): Promise<Docker> {
  const found = await findEngine();
  if (!("docker" in found)) throw new Error(found.reason);
  return found.docker;
}
