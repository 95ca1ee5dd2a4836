import { z } from "zod";
import { ManagerError } from "../errors/manager-error.ts";
import { formatIssue } from "../schema/input-issue.ts";
import { toInputIssues } from "../schema/zod-issues.ts";
import type { JobPlan } from "./job-plan.ts";

const text = z.string();
const filledText = text.min(1, { error: "must not be empty" });
const texts = z.record(text, text);
const whole = z.int().min(0);
const port = z.int().min(1).max(65_535);

const mount = z.object({ volume: filledText, path: filledText, readOnly: z.boolean() });
const servicePort = z.object({ name: filledText, containerPort: port, servicePort: port });

const container = z.object({
  image: filledText,
  user: text.optional(),
  command: z.array(text),
  env: texts,
  resources: z.object({
    cpuMillis: whole,
    cpuLimitMillis: whole,
    memoryBytes: whole,
    gpus: whole,
  }),
  mounts: z.array(mount),
  runtime: z.boolean(),
  files: z.array(z.object({ name: filledText, contentBase64: text })),
  secrets: z.array(text),
  ports: z.array(servicePort),
});

const group = z.object({
  role: z.enum(["master", "worker"]),
  lifecycle: z.enum(["task", "service"]),
  replicas: whole,
  restart: z.object({
    policy: z.enum(["on-failure", "always", "never"]),
    maxRestarts: whole,
  }),
  container,
});

/** What is wrong with a plan as a whole, after each of its parts is right. */
function contradictions({ groups, volumes, completion }: JobPlan): string[] {
  const roles = groups.map(({ role }) => role);
  const decisive = { master: "master", workers: "worker", none: undefined } as const;
  const needed = decisive[completion];
  const problems: string[] = [];
  if (groups.length === 0) problems.push("groups must have one group of units at least");
  if (new Set(roles).size < roles.length) problems.push("groups have two of one role");
  if (roles.indexOf("master") > 0) problems.push("groups must have the master's first");
  if (needed !== undefined && groups.length > 0 && !roles.includes(needed))
    problems.push(`completion is ${completion}, but there is no group of role ${needed}`);
  const mounted = groups.flatMap((each) => each.container.mounts.map(({ volume }) => volume));
  for (const volume of new Set(mounted)) {
    if (!Object.hasOwn(volumes, volume))
      problems.push(`volumes lack ${volume}, which a container mounts`);
  }
  return problems;
}

// Not strict: what is not checked here does no harm.
const schema = z.object({
  completion: z.enum(["master", "workers", "none"]),
  groups: z.array(group),
  volumes: z.record(text, z.object({ kind: filledText })),
  external: z.boolean(),
  maxRuntimeSeconds: z.number().optional(),
  minWorkers: whole,
  startTimeoutSeconds: z.number().optional(),
  keepAfterFinishSeconds: z.number().optional(),
  after: z.array(text),
  labels: texts,
});

/**
 * Checks what a job type's `plan()` gave, which may be a user's own.
 * @throws ManagerError CONFIG_INVALID that lists every problem.
 */
export function checkPlan(type: string, plan: JobPlan): void {
  const parsed = schema.safeParse(plan);
  const problems = parsed.success
    ? contradictions(plan)
    : toInputIssues(schema, parsed.error, plan, { unknownKey: "is unknown" }).map((issue) =>
        formatIssue(issue),
      );
  if (problems.length === 0) return;
  throw new ManagerError(
    "CONFIG_INVALID",
    `The job type ${type} makes a plan that cannot be run:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
    { hint: "Correct its plan(): `JobPlan` of @juliarun/core says what a plan is." },
  );
}
