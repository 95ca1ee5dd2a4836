import {
  parseScaleTarget,
  scaleSteps,
  type Context,
  type JobScale,
  type ScaleRange,
} from "@juliarun/sdk";
import type { Command } from "commander";
import type { OutputOption } from "../command-line/output-option.ts";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";
import { withTimeout } from "./wait.ts";

interface ScaleFlags extends OutputOption {
  readonly wait?: boolean;
  readonly timeout?: string;
}

/** `jrun scale <job> [workers]` */
export async function scale(session: Session, command: Command): Promise<void> {
  const flags = command.opts<ScaleFlags>();
  const [name = "", text] = command.args;
  const target = text === undefined ? undefined : parseScaleTarget(text);
  // A range that is wrong is refused before anything is opened.
  if (typeof target === "object") scaleSteps(target);
  const signal = withTimeout(session, flags.timeout);
  const context = await session.context();
  const reached =
    target === undefined
      ? await context.scale(name, { signal })
      : await change(session, context, { name, target, flags, signal });
  const { running, requested } = reached;
  await session.out.line(
    flags.output === "json"
      ? renderJson(reached)
      : `${name}: ${running} running, ${requested} requested`,
  );
}

interface Change {
  readonly name: string;
  readonly target: number | ScaleRange;
  readonly flags: ScaleFlags;
  readonly signal: AbortSignal;
}

async function change(
  session: Session,
  context: Context,
  { name, target, flags, signal }: Change,
): Promise<JobScale> {
  // A number to wait for is a range of one step.
  const steps = typeof target === "number" && flags.wait ? { start: target, stop: target } : target;
  const waits = typeof steps !== "number";
  if (waits) session.progress.show(`scaling ${name}`);
  const result = await context.scaleTo(name, steps, {
    signal,
    onStep: ({ step, steps: count, running }) => {
      if (count > 1)
        session.progress.show(`scaling ${name}: step ${step} of ${count}, ${running} running`);
    },
  });
  session.progress.clear();
  return result;
}
