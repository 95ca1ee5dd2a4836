import { nonEmptyText, wholeNumber } from "../schema/text-scalars.ts";
import { MAX_WORKERS } from "../spec/max-workers.ts";
import { formatPorts, portsSchema, type Ports } from "../spec/ports.ts";
import { environment, life, placement } from "./parameters.ts";

/** A service is started again whatever its exit. */
export const SERVICE_RESTART = { policy: "always", maxRestarts: 0 } as const;

/** What a program needs that begins as root and goes on as somebody else, at a port below 1024. */
export const SERVER_CAPABILITIES: readonly string[] = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "NET_BIND_SERVICE",
  "SETGID",
  "SETUID",
];

/** Configuration file of a server. */
export const cfgFile = (of: string) =>
  nonEmptyText.meta({
    description: `Configuration file of the ${of}: on a volume, in the image, or a file that comes with the job`,
    value: "path",
    manual: true,
  });

/** Beginning of a shell script whose second argument is the path of such a file: says what is wrong where it is not there. */
export const REFUSE_MISSING_FILE = `
if [ ! -r "$2" ]; then echo "There is no configuration file $2." >&2; exit 66; fi
`.trim();

/** Image of a server. */
export const image = (name: string) =>
  nonEmptyText.default(name).meta({
    description: "Image to run, by its name in the configuration",
    value: "name",
    manual: true,
  });

/** Network ports of a server, with those that it usually has. */
export const ports = (usual: Ports) =>
  portsSchema.default(usual).meta({
    description: `Network ports to expose: name, container port, service port; by default ${formatPorts(usual)}`,
    value: "name:container:service",
    manual: true,
  });

/** How many containers there are behind one endpoint. */
export const replicas = (of: string) =>
  wholeNumber(0, MAX_WORKERS)
    .default(1)
    .meta({
      description: `Number of ${of} to start; can be scaled later`,
      value: "count",
      kind: "number",
      manual: true,
    });

/** Environment variables, which the manual has here. */
export const envvars = environment("Additional environment variables").meta({
  description: "Additional environment variables",
  value: "name=value",
  manual: true,
});

const { runVolume, additionalVolumes, external } = placement;
const { maxRuntime, startTimeout, keepAfterFinish, after, labels } = life;

/** Where a server runs. */
export const serverPlacement = { runVolume, additionalVolumes } as const;
export { external };

/** How a service begins and ends: it is always started again, so it has no parameters of that. */
export const serviceLife = { maxRuntime, startTimeout, keepAfterFinish, after, labels } as const;
