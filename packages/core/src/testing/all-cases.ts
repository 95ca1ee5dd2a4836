import { ABORT } from "./cases/abort-cases.ts";
import { CAPABILITY } from "./cases/capability-cases.ts";
import { CLOSE } from "./cases/close-cases.ts";
import { DELETE } from "./cases/delete-cases.ts";
import { FOLLOW } from "./cases/follow-cases.ts";
import { LIFECYCLE } from "./cases/lifecycle-cases.ts";
import { LIMIT } from "./cases/limit-cases.ts";
import { LIST } from "./cases/list-cases.ts";
import { LOG } from "./cases/log-cases.ts";
import { NAMESPACE } from "./cases/namespace-cases.ts";
import { PARALLEL } from "./cases/parallel-cases.ts";
import { QUEUE } from "./cases/queue-cases.ts";
import { QUOTA } from "./cases/quota-cases.ts";
import { RECOVERY } from "./cases/recovery-cases.ts";
import { REFUSAL } from "./cases/refusal-cases.ts";
import { SCALE } from "./cases/scale-cases.ts";
import { SERVICE } from "./cases/service-cases.ts";
import { SUBMIT } from "./cases/submit-cases.ts";
import { WATCH } from "./cases/watch-cases.ts";
import type { ConformanceArea, ConformanceCase } from "./conformance-case.ts";

/** The backend contract, area by area. */
export const CONFORMANCE_AREAS: readonly ConformanceArea[] = [
  SUBMIT,
  REFUSAL,
  LIFECYCLE,
  PARALLEL,
  QUEUE,
  QUOTA,
  LIMIT,
  SCALE,
  SERVICE,
  DELETE,
  LIST,
  WATCH,
  LOG,
  FOLLOW,
  RECOVERY,
  NAMESPACE,
  CLOSE,
  ABORT,
  CAPABILITY,
];

/** Every case of the contract. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = CONFORMANCE_AREAS.flatMap(
  ({ cases }) => cases,
);
