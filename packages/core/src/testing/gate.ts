import type { ProgramStep } from "../memory/program.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import type { ConformanceWorld } from "./harness.ts";
import type { ProgramJob } from "./program-job.ts";

/** What a {@link Gate} needs of the case that it works for. */
export interface GateContext {
  readonly world: ConformanceWorld;
  submit(job: ProgramJob): Promise<unknown>;
}

const VOLUME = "gate";

/** Lets a case decide when a program goes on: a file on a shared volume, for which the program waits. */
export class Gate {
  /** For the job whose programs wait. */
  readonly volumes: Readonly<Record<string, VolumeSource>>;
  /** The step that waits. */
  readonly wait: ProgramStep;
  readonly #context: GateContext;
  readonly #file: string;
  readonly #opener: string;

  /**
   * @param file - name of the file.
   * @param opener - name of a job that makes it where the harness cannot.
   */
  constructor(context: GateContext, file: string, opener: string) {
    this.#context = context;
    this.#file = file;
    this.#opener = opener;
    this.volumes = { [VOLUME]: context.world.volumes.present };
    this.wait = { do: "waitFor", path: this.#path };
  }

  /** Lets programs pass. A case that opens it while no job can run needs `touch`. */
  async open(): Promise<void> {
    const { touch } = this.#context.world.controls;
    if (touch) return touch(this.#file);
    const master = { steps: [{ do: "touch", path: this.#path }] } as const;
    await this.#context.submit({ name: this.#opener, master, volumes: this.volumes });
  }

  get #path(): string {
    return `/mnt/${VOLUME}/${this.#file}`;
  }
}
