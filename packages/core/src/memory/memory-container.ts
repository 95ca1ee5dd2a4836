import type { UnitStart } from "../engine/unit-engine.ts";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { RestartPolicy, UnitGroup } from "../plan/job-plan.ts";
import type { UnitId } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { ProgramEnd } from "./interpret.ts";
import type { MemoryLog } from "./memory-log.ts";

/** A running program, as its container sees it. */
export interface RunningProgram {
  readonly ended: Promise<ProgramEnd>;
  /** Asks it to end. */
  stop(): void;
  /** Ends it: nothing more comes of it. */
  kill(): void;
}

/** What a container needs of the world around it. */
export interface ContainerSurroundings {
  readonly log: MemoryLog;
  now(): number;
  /** @throws Error when the program cannot be started. */
  run(container: MemoryContainer): RunningProgram;
  changed(container: MemoryContainer): void;
  /** Pause before the engine's own restart number `restarts` (from 0). */
  backoffMs(restarts: number): number;
}

const KILLED = 137;

/** A simulated container: starts its program, starts it again after failures, remembers how it ended. */
export class MemoryContainer {
  readonly id: string;
  readonly record: JobRecord;
  readonly unit: UnitId;
  readonly attempt: number;
  readonly log: MemoryLog;
  readonly #surroundings: ContainerSurroundings;
  readonly #group: UnitGroup | undefined;
  readonly #policy: RestartPolicy["policy"];
  #restartsLeft: number;
  #state: ObservedUnit["state"] = "created";
  #end: ProgramEnd | undefined;
  #error: string | undefined;
  #restarts = 0;
  #starts = 0;
  #startedAt: number | undefined;
  #finishedAt: number | undefined;
  #program: RunningProgram | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #answers = new Map<number, string>();

  constructor(id: string, request: UnitStart, surroundings: ContainerSurroundings) {
    this.id = id;
    this.record = request.record;
    this.unit = request.unit;
    this.attempt = request.attempt;
    this.log = surroundings.log;
    this.#surroundings = surroundings;
    this.#restartsLeft = request.restartsLeft;
    this.#group = request.record.plan.groups.find(({ role }) => role === request.unit.role);
    this.#policy = this.#group?.restart.policy ?? "never";
  }

  get active(): boolean {
    return this.#state === "running" || this.#state === "restarting";
  }

  /** Starts of this container so far. */
  get starts(): number {
    return this.#starts;
  }

  /** What it says at this port; undefined while it does not listen there. */
  answer(port: number): string | undefined {
    return this.#state === "running" ? this.#answers.get(port) : undefined;
  }

  /** The program answers at this port until it ends. */
  listen(port: number, text: string): void {
    this.#answers.set(port, text);
    this.#surroundings.changed(this);
  }

  /** As a listing shows it, or with the details that an engine tells only of a single container. */
  observe(detailed: boolean): ObservedUnit {
    const fact = {
      jobUid: this.record.uid,
      ...this.unit,
      attempt: this.attempt,
      engineId: this.id,
      state: this.#state,
      ...(this.record.revision === undefined ? {} : { revision: this.record.revision }),
      ...this.#readiness(),
    };
    if (!detailed) return fact;
    return {
      ...fact,
      restarts: this.#restarts,
      ...(this.#end ? { exitCode: this.#end.exitCode } : {}),
      ...(this.#end?.outOfMemory ? { outOfMemory: true } : {}),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...(this.#startedAt === undefined ? {} : { startedAt: this.#startedAt }),
      ...(this.#finishedAt === undefined ? {} : { finishedAt: this.#finishedAt }),
    };
  }

  /** Does nothing when it runs. */
  start(restartsLeft: number = this.#restartsLeft): void {
    if (this.active) return;
    if (this.#state === "exited") this.#restarts = 0;
    this.#restartsLeft = restartsLeft;
    this.#run();
  }

  /** Resolves when the program has ended; kills it after the grace time. The engine does not start it again. */
  async stop(graceMs: number): Promise<void> {
    this.#restartsLeft = -1;
    if (this.#state === "restarting") this.#exit();
    if (this.#state !== "running") return;
    const ended = new Promise<void>((resolve) => this.#waiting.add(resolve));
    const timer = setTimeout(() => this.kill(), graceMs);
    this.#program?.stop();
    await ended;
    clearTimeout(timer);
  }

  /** Ends it at once; the engine does not start it again, as after `docker kill`. */
  kill(): void {
    this.#restartsLeft = -1;
    if (this.#state === "restarting") this.#exit();
    if (this.#state !== "running") return;
    this.#program?.kill();
    this.#ended({ exitCode: KILLED });
  }

  #readiness(): Pick<ObservedUnit, "ready"> {
    const port = this.#group?.readiness?.port;
    if (port === undefined || this.#state !== "running") return {};
    return { ready: this.answer(port) !== undefined };
  }

  #run(): void {
    clearTimeout(this.#timer);
    this.#starts++;
    try {
      const program = this.#surroundings.run(this);
      this.#program = program;
      this.#state = "running";
      this.#end = undefined;
      this.#startedAt = this.#surroundings.now();
      this.#finishedAt = undefined;
      void this.#await(program);
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
      this.#end = { exitCode: 127 };
    }
    this.#surroundings.changed(this);
  }

  async #await(program: RunningProgram): Promise<void> {
    const end = await program.ended;
    // A killed one has ended already.
    if (this.#program === program) this.#ended(end);
  }

  #ended(end: ProgramEnd): void {
    this.#program = undefined;
    this.#answers.clear();
    this.log.end();
    this.#end = end;
    this.#finishedAt = this.#surroundings.now();
    if (this.#isToRunAgain(end)) {
      this.#state = "restarting";
      this.#timer = setTimeout(() => this.#again(), this.#surroundings.backoffMs(this.#restarts));
      this.#surroundings.changed(this);
    } else {
      this.#exit();
    }
  }

  #isToRunAgain(end: ProgramEnd): boolean {
    if (this.#restartsLeft < 0 || this.#policy === "never") return false;
    return this.#policy === "always" || (end.exitCode !== 0 && this.#restarts < this.#restartsLeft);
  }

  #again(): void {
    this.#restarts++;
    this.#run();
  }

  #exit(): void {
    clearTimeout(this.#timer);
    this.#state = "exited";
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    this.#surroundings.changed(this);
  }
}
