import { expect, test } from "vitest";
import type { JrunFolder } from "./jrun-folder.ts";
import { untilRunning, type ServerBench } from "./server-bench.ts";

const API = "http://guest:guest@queue";
const JSON_TYPE = "--header 'Content-Type: application/json'";

function post(port: number, path: string, body: object): string {
  const data = JSON.stringify(body);
  return `wget -q -O - ${JSON_TYPE} --post-data '${data}' ${API}:${port}/api/${path}\necho\n`;
}

/** Makes a queue that outlives the server's process. */
const DECLARE = post(15_672, "definitions", {
  queues: [{ vhost: "/", name: "tasks", durable: true, auto_delete: false, arguments: {} }],
});

/** Two of the default ports lead to the same one of the container. */
const publish = (payload: string): string =>
  post(15_671, "exchanges/%2F/amq.default/publish", {
    properties: { delivery_mode: 2 },
    routing_key: "tasks",
    payload,
    payload_encoding: "string",
  });

const CONSUME = post(15_672, "queues/%2F/tasks/get", {
  count: 1,
  ackmode: "ack_requeue_false",
  encoding: "auto",
});

/** Asked in the wrong way, a server of AMQP answers with the version that it speaks. */
const GREET = "printf 'wrong\\0\\0\\0' | nc queue 5672 | head -c 4\n";

function brokerConfig(watermark: number): string {
  return `loopback_users = none
listeners.tcp.default = 5672
management.tcp.port = 15672
log.console = true
log.file = false
vm_memory_high_watermark.relative = ${watermark}
`;
}

async function queueLine(
  folder: JrunFolder,
  verb: "submit" | "update",
  watermark: number,
): Promise<string[]> {
  const file = await folder.file(`broker-${watermark}.conf`, brokerConfig(watermark));
  const sizes = ["--cpu", "200m", "--memory", "400Mi"];
  return [verb, "MessageQ", "queue", file, "juliarun", ...sizes];
}

/** Runs a shell script as a job; what it printed. */
async function run(folder: JrunFolder, name: string, script: string): Promise<string> {
  await folder.submit(name, `set -e\n${script}`, "--cpu", "20m");
  await folder.jrun("wait", name);
  return folder.jrun("logs", name);
}

/** The tests of a real message queue, on any engine. */
export function testMessageQueues<Folder extends JrunFolder & AsyncDisposable>({
  create,
  kill,
}: ServerBench<Folder>): void {
  test("takes messages from one job to another, also those from before it was killed or updated", async () => {
    await using folder = await create();
    await folder.jrun(...(await queueLine(folder, "submit", 0.4)));
    await untilRunning(folder, "queue", 1, 90_000);
    const script = DECLARE + publish("of the first") + publish("of the second") + GREET;
    const printed = await run(folder, "publisher", script);
    expect(printed.match(/\{"routed":true\}/g)).toHaveLength(2);
    expect(printed).toContain("AMQP");

    await kill(folder, "queue", "master");
    await untilRunning(folder, "queue", 1, 90_000);
    expect(await run(folder, "consumer", CONSUME)).toContain('"payload":"of the first"');
    const update = await queueLine(folder, "update", 0.5);
    expect(await folder.jrun(...update, "--wait")).toContain("updated: queue");
    expect(await run(folder, "another", CONSUME)).toContain('"payload":"of the second"');
  });
}
