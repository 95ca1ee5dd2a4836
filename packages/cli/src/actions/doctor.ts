import type { Command } from "commander";
import type { OutputOption } from "../command-line/output-option.ts";
import { examineEngine } from "../doctor/examine-engine.ts";
import { examineConfig, examineNode, examineStateFolder } from "../doctor/examine-machine.ts";
import type { Finding } from "../doctor/finding.ts";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";
import type { Style } from "../terminal/printer.ts";

const STYLES: Readonly<Record<Finding["level"], Style>> = {
  ok: "green",
  warn: "yellow",
  fail: "red",
};

/** `jrun doctor` */
export async function doctor(session: Session, command: Command): Promise<number> {
  const { found, finding } = await examineConfig(session);
  const findings = [
    examineNode(process.versions.node),
    finding,
    await examineStateFolder(session),
    ...(found ? await examineEngine(session, found) : []),
  ];
  const { out } = session;
  if (command.opts<OutputOption>().output === "json") await out.line(renderJson(findings));
  else for (const each of findings) await print(session, each);
  return findings.some(({ level }) => level === "fail") ? 1 : 0;
}

async function print({ out }: Session, { subject, level, message, hint }: Finding): Promise<void> {
  await out.line(`${out.style(level.padEnd(4), "bold", STYLES[level])}  ${subject}: ${message}`);
  if (hint !== undefined) await out.line(`      ${out.style(hint, "dim")}`);
}
