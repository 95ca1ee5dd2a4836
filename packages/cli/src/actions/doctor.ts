import type { Command } from "commander";
import type { Session } from "../session.ts";
export async function doctor(_s: Session, _c: Command): Promise<number> {
  return 0;
}
