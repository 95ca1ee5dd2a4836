import { z } from "zod";
import { ContainerJob, type ImageDefaults } from "../plan/container-job.ts";
import { defineJobType } from "./define-job-type.ts";
import { firstPort } from "./first-port.ts";
import { cpu, memory } from "./parameters.ts";
import {
  cfgFile,
  envvars,
  external,
  image,
  ports,
  REFUSE_MISSING_FILE,
  SERVER_CAPABILITIES,
  serverPlacement,
  SERVICE_RESTART,
  serviceLife,
} from "./service-parameters.ts";

const IMAGE = "rabbitmq:3";
const SERVER = "rabbitmq-server";

/** Data goes to the job's folder, which a server that gives up root must own. */
const START = `
${REFUSE_MISSING_FILE}
mkdir -p "$RABBITMQ_MNESIA_BASE" || exit 1
if [ "$(id -u)" = 0 ] && id rabbitmq >/dev/null 2>&1; then
  chown -R rabbitmq "$RABBITMQ_MNESIA_BASE" || exit 1
fi
exec "$1"
`.trim();

/** For queues to be written to disk. */
const GRACE_SECONDS = 30;

const schema = z.strictObject({
  cfgFile: cfgFile("queue server"),
  ...serverPlacement,
  image: image(IMAGE),
  cpu: cpu("", "1"),
  memory: memory("", "4Gi"),
  envvars,
  ports: ports({
    amqptls: [5671, 5671],
    amqp: [5672, 5672],
    mgmttls: [15_672, 15_671],
    mgmt: [15_672, 15_672],
  }),
  external,
  ...serviceLife,
});

/**
 * A message queue for processes of one job or of several (manual: Job Types, `MessageQ`): RabbitMQ, with one name and its data on the
 * run volume, so that it goes on with them after a restart.
 */
export const MESSAGE_Q = defineJobType({
  name: "MessageQ",
  summary: "A message queue server, which keeps its name and its data over restarts.",
  manual: "Job Types: MessageQ",
  schema,
  positional: ["cfgFile", "runVolume"],
  plan(input) {
    const { parameters, context } = input;
    const configured = context.images["rabbitmq"];
    const defaults: ImageDefaults = { [IMAGE]: configured ?? { image: IMAGE, executable: SERVER } };
    const job = new ContainerJob("MessageQ", input, defaults);
    const file = job.neededFile(parameters.cfgFile, "cfgFile");
    const amqp = Object.hasOwn(parameters.ports, "amqp") ? "amqp" : undefined;
    const server = job.group({
      role: "master",
      lifecycle: "service",
      replicas: 1,
      restart: SERVICE_RESTART,
      command: ["/bin/sh", "-c", START, "sh", job.executable ?? SERVER, file],
      env: {
        RABBITMQ_CONFIG_FILE: file,
        RABBITMQ_MNESIA_BASE: `${job.folder}/mnesia`,
        // Its data are found under this name, whatever its host is called.
        RABBITMQ_NODENAME: "rabbit@localhost",
        RABBITMQ_LOGS: "-",
      },
      readiness: firstPort(parameters.ports, undefined, amqp),
      graceSeconds: GRACE_SECONDS,
      capabilities: SERVER_CAPABILITIES,
    });
    return job.plan("none", [server]);
  },
});
