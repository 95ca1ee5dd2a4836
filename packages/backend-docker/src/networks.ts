import { ManagerError } from "@juliarun/core";
import type Dockerode from "dockerode";
import type { DockerClient } from "./client.ts";
import { engineReason, engineStatus } from "./errors.ts";
import { LABEL, MANAGED, networkLabels } from "./labels.ts";
import { networkName } from "./names.ts";

/** Looks until the network is there just once. */
const ATTEMPTS = 10;

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
   * Makes sure that the namespace's network is there, also when somebody has pruned it since the last time: a start that
   * fails for want of it could be seen, and taken for the job's end, by another process. Returns its id: its name may be
   * ambiguous for a moment.
   * @throws ManagerError INSUFFICIENT_CAPACITY when the engine has no addresses left.
   */
  async ensure(namespace: string): Promise<string> {
    const known = this.#ready.get(namespace);
    if (known && (await this.#isThere(await known))) return known;
    // Others who found the same one gone may have begun anew meanwhile.
    if (this.#ready.get(namespace) === known) this.#begin(namespace);
    return this.#ready.get(namespace) ?? this.#ensure(namespace);
  }

  #begin(namespace: string): void {
    const ready = this.#ensure(namespace);
    this.#ready.set(namespace, ready);
    ready.catch(() => this.#ready.delete(namespace));
  }

  async #isThere(id: string): Promise<boolean> {
    try {
      await this.#client.call("to look up a network", async (docker) =>
        docker.getNetwork(id).inspect(),
      );
      return true;
    } catch (error) {
      if (engineStatus(error) === 404) return false;
      throw error;
    }
  }

  /** Asks the engine again whether the network is there, just once. */
  async ensureAnew(namespace: string): Promise<string> {
    this.#ready.delete(namespace);
    return this.ensure(namespace);
  }

  /** Lets a container join the network that its namespace has now: the one that it knew is gone. */
  async rejoin(namespace: string, containerId: string, aliases: readonly string[]): Promise<void> {
    const network = await this.ensureAnew(namespace);
    const doing = "to connect a container to its network";
    const { NetworkSettings } = await this.#client.call(doing, async (docker) =>
      docker.getContainer(containerId).inspect(),
    );
    for (const old of Object.keys(NetworkSettings.Networks)) {
      await this.#client
        .call(doing, async (docker) =>
          docker.getNetwork(old).disconnect({ Container: containerId, Force: true }),
        )
        .catch(() => undefined);
    }
    const options = { Container: containerId, EndpointConfig: { Aliases: [...aliases] } };
    await this.#client.call(doing, async (docker) => docker.getNetwork(network).connect(options));
  }

  async #ensure(namespace: string): Promise<string> {
    const owner = this.#owner();
    const names = [networkName(namespace), networkName(namespace, owner)] as const;
    const [first] = await this.#named(names[0]);
    // Another owner's namespace of that name was here first.
    const name = first === undefined || ownerOf(first) === owner ? names[0] : names[1];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const same = await this.#named(name);
      const own = same.find((network) => ownerOf(network) === owner);
      if (same.length === 1 && own) return own.Id;
      if (same.length === 0) await this.#make(name, networkLabels(namespace, owner));
      else if (own) await this.#removeDoubles(same);
      else break;
    }
    throw new ManagerError(
      "STATE_CONFLICT",
      `Network ${name} is made by somebody else at the same time.`,
      { hint: "Try again; if that does not help, remove it with `docker network rm`." },
    );
  }

  async #make(name: string, labels: Record<string, string>): Promise<void> {
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

  /** Two processes may make the same network at the same moment. One stays: that in use, else the oldest. */
  async #removeDoubles(same: readonly NetworkSummary[]): Promise<void> {
    const [oldest, ...younger] = same;
    let inUse = false;
    for (const { Id } of younger) if (!(await this.#remove(Id))) inUse = true;
    if (inUse && oldest) await this.#remove(oldest.Id);
  }

  /** Networks of just this name, the oldest first. */
  async #named(name: string): Promise<NetworkSummary[]> {
    const found = await this.#list({ name: [name] });
    return found
      .filter((network) => network.Name === name)
      .toSorted((a, b) => a.Created.localeCompare(b.Created) || a.Id.localeCompare(b.Id));
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

type NetworkSummary = Pick<Dockerode.NetworkInspectInfo, "Id" | "Name" | "Created" | "Labels">;

function ownerOf({ Labels }: NetworkSummary): string | undefined {
  return Labels?.[LABEL.owner];
}

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
