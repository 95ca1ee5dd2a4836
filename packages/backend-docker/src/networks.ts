import { ManagerError } from "@juliarun/core";
import type Dockerode from "dockerode";
import type { DockerClient } from "./client.ts";
import { engineReason, engineStatus } from "./errors.ts";
import { LABEL, MANAGED, networkLabels } from "./labels.ts";
import { networkName } from "./names.ts";

/** One user-defined bridge network per namespace: made when first needed, and again when somebody removed it. */
export class Networks {
  readonly #client: DockerClient;
  readonly #owner: () => string;
  readonly #ready = new Map<string, Promise<string>>();

  /** @param owner - whose networks these are: two owners' namespaces of the same name are apart. */
  constructor(client: DockerClient, owner: () => string) {
    this.#client = client;
    this.#owner = owner;
  }

  /**
   * Makes sure that the namespace's network is there, also when somebody has pruned it since the last time. Returns its name.
   * @throws ManagerError INSUFFICIENT_CAPACITY when the engine has no addresses left.
   */
  async ensure(namespace: string): Promise<string> {
    const known = this.#ready.get(namespace);
    if (known && (await this.#ownerOf(await known)) !== undefined) return known;
    // Others who wait for the same one may have begun anew meanwhile.
    if (this.#ready.get(namespace) === known) this.#begin(namespace);
    return this.#ready.get(namespace) ?? this.#ensure(namespace);
  }

  #begin(namespace: string): void {
    const ready = this.#ensure(namespace);
    this.#ready.set(namespace, ready);
    ready.catch(() => this.#ready.delete(namespace));
  }

  /** Asks the engine again: a container could not join the network. */
  async ensureAnew(namespace: string): Promise<string> {
    this.#ready.delete(namespace);
    return this.ensure(namespace);
  }

  /** Lets an ended container join the network that its namespace has now: the one that it knew may be gone. */
  async rejoin(namespace: string, containerId: string, alias: string): Promise<void> {
    const network = await this.ensureAnew(namespace);
    const doing = `to connect a container to network ${network}`;
    await this.#client
      .call(doing, async (docker) =>
        docker.getNetwork(network).disconnect({ Container: containerId, Force: true }),
      )
      .catch(() => undefined);
    const options = { Container: containerId, EndpointConfig: { Aliases: [alias] } };
    await this.#client.call(doing, async (docker) => docker.getNetwork(network).connect(options));
  }

  async #ensure(namespace: string): Promise<string> {
    const owner = this.#owner();
    for (const name of [networkName(namespace), networkName(namespace, owner)]) {
      if ((await this.#ownerOf(name)) === undefined) await this.#make(name, namespace, owner);
      if ((await this.#ownerOf(name)) === owner) return name;
    }
    throw new ManagerError(
      "STATE_CONFLICT",
      `Network ${networkName(namespace, owner)} was made by somebody else.`,
      { hint: "Remove it with `docker network rm`." },
    );
  }

  async #make(name: string, namespace: string, owner: string): Promise<void> {
    const labels = networkLabels(namespace, owner);
    try {
      await this.#create(name, labels);
    } catch (error) {
      if (engineStatus(error) === 409) return;
      if (engineStatus(error) === undefined) throw error;
      // The engine has room for about thirty networks: those of namespaces without containers can go.
      if ((await this.#removeUnused()) === 0) throw noNetwork(name, error);
      await this.#create(name, labels).catch((again: unknown) => {
        throw noNetwork(name, again);
      });
    }
    await this.#removeDoubles(name);
  }

  /** Empty for a network without our label; undefined where there is none of that name. */
  async #ownerOf(name: string): Promise<string | undefined> {
    try {
      const network = await this.#client.call(`to look up network ${name}`, async (docker) =>
        docker.getNetwork(name).inspect(),
      );
      return network.Labels?.[LABEL.owner] ?? "";
    } catch (error) {
      if (engineStatus(error) === 404) return undefined;
      throw error;
    }
  }

  async #create(name: string, labels: Record<string, string>): Promise<void> {
    await this.#client.call(`to make network ${name}`, async (docker) =>
      docker.createNetwork({
        Name: name,
        Driver: "bridge",
        CheckDuplicate: true,
        Labels: labels,
      }),
    );
  }

  /** Two processes may make the same network at the same moment; the engine then finds the name ambiguous. The older one stays. */
  async #removeDoubles(name: string): Promise<void> {
    const found = await this.#list({ name: [name] });
    const same = found
      .filter((network) => network.Name === name)
      .toSorted((a, b) => a.Created.localeCompare(b.Created) || a.Id.localeCompare(b.Id));
    for (const { Id } of same.slice(1)) await this.#remove(Id);
  }

  async #removeUnused(): Promise<number> {
    let removed = 0;
    for (const { Id } of await this.#list({ label: [MANAGED] })) {
      const attached = await this.#client.call("to list a network's containers", async (docker) =>
        docker.listContainers({ all: true, limit: 1, filters: { network: [Id] } }),
      );
      if (attached.length === 0 && (await this.#remove(Id))) removed++;
    }
    return removed;
  }

  async #list(filters: { name?: string[]; label?: string[] }): Promise<NetworkSummary[]> {
    return this.#client.call("to list networks", async (docker) =>
      docker.listNetworks({ filters }),
    );
  }

  /** False where it is in use or gone. */
  async #remove(id: string): Promise<boolean> {
    return this.#client
      .call("to remove a network", async (docker) => docker.getNetwork(id).remove())
      .then(
        () => true,
        () => false,
      );
  }
}

type NetworkSummary = Pick<Dockerode.NetworkInspectInfo, "Id" | "Name" | "Created">;

function noNetwork(name: string, cause: unknown): ManagerError {
  return new ManagerError(
    "INSUFFICIENT_CAPACITY",
    `The Docker Engine cannot make network ${name}: ${engineReason(cause)}`,
    {
      hint: "Remove networks that nothing uses (`docker network prune`), or give the engine more `default-address-pools`.",
      details: { network: name },
      cause,
    },
  );
}
