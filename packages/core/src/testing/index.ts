export { askHttp } from "./ask-http.ts";
export { CONFORMANCE_AREAS, CONFORMANCE_CASES } from "./all-cases.ts";
export type { CaseContext } from "./case-context.ts";
export { renderComparison, reportProblems, type ComparedBackend } from "./comparison.ts";
export type {
  CaseOutcome,
  CaseResult,
  ConformanceArea,
  ConformanceCase,
} from "./conformance-case.ts";
export type {
  ConformanceHarness,
  ConformanceWorld,
  ControlName,
  Deviation,
  MortalInstance,
  WorldControls,
  WorldOptions,
} from "./harness.ts";
export { memoryHarness, type MemoryHarnessOptions } from "./memory-harness.ts";
export { Life, mortalParts } from "./mortal-parts.ts";
export {
  planProgramJob,
  type ProgramJob,
  type ProgramJobSettings,
  type UnitProgram,
} from "./program-job.ts";
export { programCommand } from "./program-script.ts";
export { parseReport, toReport, type ConformanceReport } from "./report.ts";
export { runConformance, type RunConformanceOptions } from "./run-conformance.ts";
