import { z } from "zod";
import { ContainerJob } from "../plan/container-job.ts";
import { nonEmptyText } from "../schema/text-scalars.ts";
import { defineJobType } from "./define-job-type.ts";
import { firstPort } from "./first-port.ts";
import { programArguments } from "./parameter-values.ts";
import { cpu, environment, life, memory, placement } from "./parameters.ts";
import { replicas, serverPlacement, SERVICE_RESTART } from "./service-parameters.ts";

const { args, restart, maxRestarts, ...others } = life;

const schema = z
  .strictObject({
    image: nonEmptyText.meta({
      description: "Image to run, by its name in the configuration",
      value: "name",
    }),
    ...serverPlacement,
    command: programArguments.default([]).meta({
      description:
        "Program and its first arguments, as after `docker run <image>`; the image's own by default",
      value: "text",
    }),
    args,
    nworkers: replicas("containers"),
    cpu: cpu(""),
    memory: memory(""),
    envvars: environment("Additional environment variables"),
    ports: placement.ports,
    external: placement.external,
    readyPath: nonEmptyText.startsWith("/").optional().meta({
      description:
        "Path that an HTTP server answers at the first port when it is ready; by default it is when it accepts connections",
      value: "path",
    }),
    restart: restart.meta({
      description: "When an ended process is started again; one with ports always is",
      value: "policy",
      choices: ["on-failure", "always", "never"],
    }),
    maxRestarts,
    ...others,
  })
  .superRefine(({ readyPath, ports }, context) => {
    if (readyPath === undefined || Object.keys(ports).length > 0) return;
    context.addIssue({ code: "custom", path: ["readyPath"], message: "needs a port" });
  });

/**
 * Any program of any image. With ports it is a service: constantly running, reached at one endpoint. Without, it is a task: a one-time
 * job that succeeds when all its containers do (manual: Job Submission, "Tasks" and "Services").
 */
export const GENERIC = defineJobType({
  name: "Generic",
  summary: "Any program of any image: a service where it has ports, else a task.",
  schema,
  positional: ["image", "runVolume"],
  plan(input) {
    const { parameters } = input;
    const job = new ContainerJob("Generic", input);
    const isService = Object.keys(parameters.ports).length > 0;
    const units = job.group({
      role: "worker",
      lifecycle: isService ? "service" : "task",
      replicas: parameters.nworkers,
      restart: isService
        ? SERVICE_RESTART
        : { policy: parameters.restart, maxRestarts: parameters.maxRestarts },
      command: [...parameters.command, ...parameters.args],
      readiness: firstPort(parameters.ports, parameters.readyPath),
    });
    return job.plan(isService ? "none" : "workers", [units]);
  },
});
