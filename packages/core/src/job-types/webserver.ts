import { z } from "zod";
import { ContainerJob, type ImageDefaults } from "../plan/container-job.ts";
import { defineJobType } from "./define-job-type.ts";
import { cpu, memory } from "./parameters.ts";
import { firstPort } from "./first-port.ts";
import {
  cfgFile,
  envvars,
  external,
  image,
  ports,
  REFUSE_MISSING_FILE,
  replicas,
  SERVER_CAPABILITIES,
  serverPlacement,
  SERVICE_RESTART,
  serviceLife,
} from "./service-parameters.ts";

const IMAGE_DEFAULTS: ImageDefaults = { nginx: { image: "nginx:1", executable: "nginx" } };

/**
 * In the foreground, whatever the file says of that: nginx refuses to be told twice. Whatever signal the image is stopped by, nginx gets
 * the one that lets it finish what it serves.
 */
const START = `
${REFUSE_MISSING_FILE}
if grep -Eq '^[[:space:]]*daemon[[:space:]]' "$2"; then "$1" -c "$2" & else "$1" -c "$2" -g 'daemon off;' & fi
server=$!
trap 'kill -QUIT "$server"' TERM INT QUIT
while kill -0 "$server" 2>/dev/null; do
  wait "$server"
  status=$?
done
exit "$status"
`.trim();

const schema = z.strictObject({
  cfgFile: cfgFile("web server"),
  ...serverPlacement,
  image: image("nginx"),
  cpu: cpu(""),
  memory: memory(""),
  envvars,
  ports: ports({ http: [80, 80], https: [443, 443] }),
  external,
  nworkers: replicas("web server containers"),
  ...serviceLife,
});

/** A web server that serves a job's files, an API or a user interface (manual: Job Types, `Webserver`). */
export const WEBSERVER = defineJobType({
  name: "Webserver",
  summary: "A web server: containers that all answer at one endpoint.",
  manual: "Job Types: Webserver",
  schema,
  positional: ["cfgFile", "runVolume"],
  plan(input) {
    const { parameters } = input;
    const job = new ContainerJob("Webserver", input, IMAGE_DEFAULTS);
    const file = job.neededFile(parameters.cfgFile, "cfgFile");
    const servers = job.group({
      role: "worker",
      lifecycle: "service",
      replicas: parameters.nworkers,
      restart: SERVICE_RESTART,
      command: ["/bin/sh", "-c", START, "sh", job.executable ?? "nginx", file],
      readiness: firstPort(parameters.ports),
      capabilities: SERVER_CAPABILITIES,
    });
    return job.plan("none", [servers]);
  },
});
