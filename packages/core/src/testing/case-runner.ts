import { CaseContext } from "./case-context.ts";
import type { CaseResult, ConformanceCase } from "./conformance-case.ts";
import type { ConformanceHarness, ConformanceWorld } from "./harness.ts";

const PATIENCE_MS = 5000;
const START_MS = 500;
/** A case takes several steps, each of which may use up the harness's patience. */
const STEPS = 6;

/** Runs cases against one harness; cases that need no world of their own share one. */
export class CaseRunner {
  readonly #harness: ConformanceHarness;
  #shared: Promise<ConformanceWorld> | undefined;
  #cases = 0;

  constructor(harness: ConformanceHarness) {
    this.#harness = harness;
  }

  /** Longest time that a case may take, milliseconds. */
  get timeoutMs(): number {
    return this.#patienceMs * STEPS;
  }

  /** Why the case cannot be run with this harness; undefined: it can. */
  whyNotApplicable({ needs = [] }: ConformanceCase): string | undefined {
    const reasons = needs.flatMap((need) => this.#harness.lacking?.[need] ?? []);
    return reasons.length > 0 ? [...new Set(reasons)].join(" ") : undefined;
  }

  /** Never rejects: what went wrong is in the result. */
  async run(conformanceCase: ConformanceCase): Promise<CaseResult> {
    const { id } = conformanceCase;
    const begun = performance.now();
    const lacking = this.whyNotApplicable(conformanceCase);
    if (lacking !== undefined) {
      return { id, outcome: "not-applicable", reason: lacking, durationMs: 0 };
    }
    const error = await this.#failureOf(conformanceCase);
    const durationMs = Math.round(performance.now() - begun);
    return { id, durationMs, ...this.#judge(id, error) };
  }

  async close(): Promise<void> {
    const world = await this.#shared;
    this.#shared = undefined;
    await world?.destroy();
  }

  get #patienceMs(): number {
    return this.#harness.patienceMs ?? PATIENCE_MS;
  }

  #judge(id: string, error: unknown): Omit<CaseResult, "id" | "durationMs"> {
    const deviation = this.#harness.deviations?.find((listed) => listed.id === id);
    if (!deviation) {
      return error === undefined
        ? { outcome: "passed" }
        : { outcome: "failed", reason: messageOf(error), error };
    }
    if (error !== undefined) return { outcome: "deviates", reason: deviation.reason, error };
    const reason = `It passes, so it is no deviation: take it from the list (${deviation.reason}).`;
    return { outcome: "failed", reason, error: new Error(reason) };
  }

  async #failureOf(conformanceCase: ConformanceCase): Promise<unknown> {
    const { world: options } = conformanceCase;
    try {
      const world = options ? await this.#harness.create(options) : await this.#sharedWorld();
      try {
        await this.#runIn(world, conformanceCase, options ? undefined : ++this.#cases);
      } finally {
        if (options) await world.destroy();
      }
      return undefined;
    } catch (error) {
      return error ?? new Error("nothing was thrown");
    }
  }

  async #runIn(
    world: ConformanceWorld,
    conformanceCase: ConformanceCase,
    sharer: number | undefined,
  ): Promise<void> {
    const { startMs = START_MS, deathStep = 1 } = this.#harness;
    const suffix = sharer === undefined ? "" : `-${sharer}`;
    const context = new CaseContext({
      world,
      patienceMs: this.#patienceMs,
      startMs,
      deathStep,
      suffix,
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const message = `not done within ${this.timeoutMs} ms`;
      timer = setTimeout(() => reject(new Error(message)), this.timeoutMs);
    });
    try {
      await Promise.race([conformanceCase.run(context), late]);
    } finally {
      clearTimeout(timer);
      await context.end(sharer !== undefined);
    }
  }

  async #sharedWorld(): Promise<ConformanceWorld> {
    this.#shared ??= this.#harness.create({});
    return this.#shared;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
