import type { BrokenBackend } from "./broken-backend.ts";
import { BROKEN_LIFE } from "./broken-life.ts";
import { BROKEN_LOGS } from "./broken-logs.ts";
import { BROKEN_PARTS } from "./broken-parts.ts";
import { BROKEN_READING } from "./broken-reading.ts";
import { BROKEN_SERVICES } from "./broken-services.ts";
import { BROKEN_SUBMIT } from "./broken-submit.ts";

/** Backends that the suite must reject. */
export const BROKEN_BACKENDS: readonly BrokenBackend[] = [
  ...BROKEN_SUBMIT,
  ...BROKEN_LIFE,
  ...BROKEN_SERVICES,
  ...BROKEN_READING,
  ...BROKEN_LOGS,
  ...BROKEN_PARTS,
];
