import type { Progress } from "@juliarun/core";
import { isObject } from "./is-object.ts";

/** Told at most so often. */
const INTERVAL_MS = 100;

/** Adds up what the engine says about the layers of a pull. */
export class PullProgress {
  readonly #image: string;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #layers = new Map<string, { current: number; total: number }>();
  #toldAt = Number.NEGATIVE_INFINITY;
  /** Why the pull failed, in the engine's words. */
  error: string | undefined;

  constructor(image: string, onProgress?: (progress: Progress) => void) {
    this.#image = image;
    this.#onProgress = onProgress;
    this.#tell("pulling");
  }

  /** Takes one message of the engine's. */
  add(message: Readonly<Record<string, unknown>>): void {
    if (typeof message["error"] === "string") this.error = message["error"];
    const { id, status, progressDetail } = message;
    if (typeof id !== "string" || typeof status !== "string") return;
    const detail = isObject(progressDetail) ? progressDetail : {};
    const [current, total] = [detail["current"], detail["total"]];
    if (status === "Downloading" && typeof current === "number" && typeof total === "number") {
      this.#layers.set(id, { current, total });
    } else if (status === "Download complete" || status === "Pull complete") {
      const layer = this.#layers.get(id);
      if (layer) layer.current = layer.total;
    }
    if (performance.now() - this.#toldAt >= INTERVAL_MS) this.#tell("pulling");
  }

  #tell(activity: string): void {
    this.#toldAt = performance.now();
    const layers = [...this.#layers.values()];
    const sum = (key: "current" | "total"): number =>
      layers.reduce((total, layer) => total + layer[key], 0);
    this.#onProgress?.({
      subject: this.#image,
      activity,
      ...(layers.length === 0 ? {} : { current: sum("current"), total: sum("total") }),
    });
  }
}
