import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { ObservedUnit } from "@juliarun/core";
import type Dockerode from "dockerode";
import pLimit, { type LimitFunction } from "p-limit";
import type { DockerClient } from "./client.ts";
import { adminPort, gatewayGroup } from "./gateway-config.ts";
import { LABEL, MANAGED, parseLabelledRecord } from "./labels.ts";

/** Time for connections that a unit has, but its program has not seen yet. */
const LEAVE_MS = 500;

/**
 * Tells HAProxy which servers get no new connections: those at the addresses after the first argument, its port for orders. Others
 * that got none get them again.
 */
const ORDER = `
port=$1
shift
tell() {
  if command -v bash >/dev/null; then
    bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "%s\\n" "$2" >&3 && cat <&3' bash "$port" "$1"
  else
    printf '%s\\n' "$1" | nc 127.0.0.1 "$port"
  fi
}
state=$(tell 'show servers state') || exit 1
orders=
while read -r number proxy id server address operation admin rest; do
  case $proxy in port-*) ;; *) continue ;; esac
  case " $* " in
    *" $address "*) orders="$orders;set server $proxy/$server state drain" ;;
    *) [ $((admin & 8)) -eq 0 ] || orders="$orders;set server $proxy/$server state ready" ;;
  esac
done <<END
$state
END
[ -z "$orders" ] || tell "\${orders#;}"
`.trim();

/** A unit that is about to leave a service. */
interface Leaving {
  readonly jobUid: string;
  readonly address: string;
  readonly gateway: Dockerode.Container;
  readonly port: number;
}

/**
 * Lets units leave a service without losing a connection: their gateway passes no new ones on to them before they are asked to end.
 * What cannot be told to it is left: then a connection may be lost.
 */
export class GatewayDrain {
  readonly #client: DockerClient;
  readonly #leaving = new Map<string, Leaving>();
  readonly #orders: LimitFunction = pLimit(1);

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /** Before a unit is stopped. Returns at once where nobody would take over. */
  async leave(unit: ObservedUnit): Promise<void> {
    if (unit.revision === undefined || unit.state !== "running") return;
    const leaving = await this.#find(unit).catch(() => undefined);
    if (!leaving) return;
    this.#leaving.set(unit.engineId, leaving);
    if (await this.#order(leaving)) await delay(LEAVE_MS);
  }

  /** When its container is gone: another one may get its place at the gateway. */
  async left({ engineId }: ObservedUnit): Promise<void> {
    const leaving = this.#leaving.get(engineId);
    if (!leaving) return;
    this.#leaving.delete(engineId);
    await this.#order(leaving);
  }

  async #find({ jobUid, engineId }: ObservedUnit): Promise<Leaving | undefined> {
    const label = [MANAGED, `${LABEL.uid}=${jobUid}`];
    const all = await this.#client.call("to list containers", async (docker) =>
      docker.listContainers({ filters: { label } }),
    );
    const gateway = all.find(({ Labels }) => Labels[LABEL.gateway] !== undefined);
    const own = all.find(({ Id }) => Id === engineId);
    const plan = parseLabelledRecord(own?.Labels[LABEL.spec])?.plan;
    const group = plan && gatewayGroup(plan);
    const others = all.filter(
      ({ Id, Labels }) => Labels[LABEL.role] !== undefined && Id !== engineId,
    );
    const stays = others.some(({ Id }) => !this.#leaving.has(Id));
    const [network] = Object.values(own?.NetworkSettings.Networks ?? {});
    if (!gateway || !group || !network?.IPAddress || !stays) return undefined;
    return {
      jobUid,
      address: network.IPAddress,
      gateway: this.#client.docker.getContainer(gateway.Id),
      port: adminPort(group),
    };
  }

  /** @returns whether the gateway has taken it. */
  async #order({ jobUid, gateway, port }: Leaving): Promise<boolean> {
    return this.#orders(async () => {
      const leaving = [...this.#leaving.values()].filter((each) => each.jobUid === jobUid);
      const addresses = leaving.map(({ address }) => address);
      const command = ["/bin/sh", "-c", ORDER, "sh", String(port), ...addresses];
      return this.#run(gateway, command).catch(() => false);
    });
  }

  async #run(container: Dockerode.Container, command: readonly string[]): Promise<boolean> {
    return this.#client.call("to tell a gateway who leaves", async () => {
      const exec = await container.exec({
        Cmd: [...command],
        AttachStdout: true,
        AttachStderr: true,
      });
      const output = await exec.start({ hijack: false, stdin: false });
      output.resume();
      await once(output, "end");
      return (await exec.inspect()).ExitCode === 0;
    });
  }
}
