import type { Job } from "../../backend/job.ts";
import type { CaseContext } from "../case-context.ts";
import type { ProgramJob, UnitProgram } from "../program-job.ts";

/** Where the program listens. */
export const CONTAINER_PORT = 8080;
/** Where others reach it. */
export const SERVICE_PORT = 8090;
const PORTS = [{ name: "http", containerPort: CONTAINER_PORT, servicePort: SERVICE_PORT }];
const READINESS = { kind: "tcp", port: CONTAINER_PORT } as const;

/** A server that says this text. */
export function server(text: string): UnitProgram {
  const steps = [{ do: "serve", port: CONTAINER_PORT, text }] as const;
  return { steps, ports: PORTS, readiness: READINESS };
}

/** A service of such servers. */
export function service(name: string, text: string, count = 1): ProgramJob {
  return { name, service: true, workers: { ...server(text), count } };
}

/** What answers at the job's endpoint; undefined when nobody does. */
export async function answer(context: CaseContext, name: string): Promise<string | undefined> {
  const endpoint = await context.backend.endpoint(name);
  return context.control("ask")(endpoint, "http");
}

/** Updates a service to this program. */
export async function update(context: CaseContext, job: ProgramJob): Promise<Job> {
  const { spec, plan } = context.world.job(job);
  return context.backend.update(job.name, spec, plan);
}

/** Waits until an update is through. */
export async function untilUpdated(
  context: CaseContext,
  name: string,
  revision: number,
): Promise<Job> {
  return context.until(
    name,
    `updated to revision ${revision}`,
    ({ status }) =>
      status.revision === revision && status.phase === "running" && status.reason === "Running",
  );
}
