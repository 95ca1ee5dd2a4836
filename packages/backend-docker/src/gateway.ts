import { FILES_DIR, ManagerError, type JobRecord, type UnitGroup } from "@juliarun/core";
import type Dockerode from "dockerode";
import type { DockerClient } from "./client.ts";
import { LOG_CONFIG } from "./container-spec.ts";
import { engineReason, engineStatus } from "./errors.ts";
import {
  DEFAULT_GATEWAY_IMAGE,
  gatewayConfig,
  gatewayGroup,
  gatewayPorts,
} from "./gateway-config.ts";
import type { Images } from "./images.ts";
import { gatewayLabels } from "./labels.ts";
import { gatewayName } from "./names.ts";
import type { Networks } from "./networks.ts";
import { toArchive } from "./placed-files.ts";
import { isPortTaken, toPublished } from "./published-ports.ts";
import { startInNetwork } from "./start-in-network.ts";

/** What gateways need. */
export interface GatewayParts {
  readonly client: DockerClient;
  readonly owner: () => string;
  readonly images: Images;
  readonly networks: Networks;
}

const CONFIG_FILE = `${FILES_DIR}/haproxy.cfg`;
/** For some thousand connections. */
const MEMORY_BYTES = 128 * 2 ** 20;

/** The gateways of services: each stands before its units, from before the first of them starts until the job is gone. */
export class Gateways {
  readonly #parts: GatewayParts;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** Makes sure that the gateway of a service runs, where it has one. Its units may ask at the same time. */
  async ensure(record: JobRecord): Promise<void> {
    const group = gatewayGroup(record.plan);
    if (!group) return;
    const { uid } = record;
    const running = this.#underWay.get(uid) ?? startGateway(this.#parts, record, group);
    this.#underWay.set(uid, running);
    try {
      await running;
    } finally {
      this.#underWay.delete(uid);
    }
  }

  /** Removes the gateway of a job, where it has one. */
  async remove(record: JobRecord, signal?: AbortSignal): Promise<void> {
    if (!gatewayGroup(record.plan)) return;
    try {
      await this.#parts.client.call(
        "to remove a container",
        async (docker) => docker.getContainer(gatewayName(record)).remove({ v: true, force: true }),
        { signal },
      );
    } catch (error) {
      if (engineStatus(error) !== 404 && engineStatus(error) !== 409) throw error;
    }
  }
}

async function startGateway(
  parts: GatewayParts,
  record: JobRecord,
  group: UnitGroup,
): Promise<void> {
  const { client, networks } = parts;
  const known = await inspect(client, gatewayName(record));
  if (known?.State.Running) return;
  const id = known?.Id ?? (await create(parts, record, group));
  const config = Buffer.from(gatewayConfig(record, group));
  const archive = await toArchive([
    { path: FILES_DIR, mode: 0o755 },
    { path: CONFIG_FILE, mode: 0o644, content: config },
  ]);
  await client.call("to place files in a container", async (docker) =>
    docker.getContainer(id).putArchive(archive, { path: "/" }),
  );
  const member = { id, namespace: record.namespace, aliases: [record.name] };
  try {
    await startInNetwork(client, networks, member);
  } catch (error) {
    throw isPortTaken(engineReason(error)) ? portTaken(record, error) : error;
  }
}

function portTaken({ name }: JobRecord, cause: unknown): ManagerError {
  return new ManagerError(
    "STATE_CONFLICT",
    `A port of this machine that job ${name} needs is taken: ${engineReason(cause)}`,
    {
      hint: "Choose another service port, or end what uses it.",
      details: { name, reason: "PortTaken" },
      cause,
    },
  );
}

async function create(
  { client, owner, images, networks }: GatewayParts,
  record: JobRecord,
  group: UnitGroup,
): Promise<string> {
  const { plan, namespace } = record;
  const image = plan.gatewayImage ?? DEFAULT_GATEWAY_IMAGE;
  await images.ensure(image);
  const network = await networks.ensure(namespace);
  const listening = [...gatewayPorts(group).keys()];
  const published = group.container.ports.map(({ servicePort }) => ({
    port: servicePort,
    servicePort,
  }));
  const options: Dockerode.ContainerCreateOptions = {
    name: gatewayName(record),
    Image: image,
    Cmd: ["haproxy", "-db", "-f", CONFIG_FILE],
    Hostname: record.name,
    Labels: gatewayLabels(record, owner()),
    ExposedPorts: Object.fromEntries(listening.map((port) => [`${port}/tcp`, {}])),
    HostConfig: {
      NetworkMode: network,
      Memory: MEMORY_BYTES,
      MemorySwap: MEMORY_BYTES,
      RestartPolicy: { Name: "always" },
      PortBindings: toPublished(plan.external, published),
      LogConfig: LOG_CONFIG,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [record.name] } } },
  };
  const made = await client.call(`to make container ${options.name}`, async (docker) =>
    docker.createContainer(options),
  );
  return made.id;
}

async function inspect(
  client: DockerClient,
  name: string,
): Promise<Dockerode.ContainerInspectInfo | undefined> {
  try {
    return await client.call("to look at a container", async (docker) =>
      docker.getContainer(name).inspect(),
    );
  } catch (error) {
    if (engineStatus(error) === 404) return undefined;
    throw error;
  }
}
