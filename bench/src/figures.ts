import type { Figure } from "./figure.ts";

/** Figures, and what they were measured on. */
export interface Figures {
  readonly machine: string;
  readonly figures: readonly Figure[];
}
