import { describe, expect, it } from "vitest";
import { toConfig } from "../config/check-config.ts";
import { planContext } from "../config/plan-context.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { makePlan } from "../plan/make-plan.ts";
import { makeSpec } from "../spec/make-spec.ts";
import { placedFile } from "../spec/placed-files.ts";
import { generic, messageQ, webserver } from "./constructors.ts";
import type { JobRequest } from "./job-request.ts";
import { JobTypeRegistry } from "./job-type-registry.ts";

const types = new JobTypeRegistry();
const storage = { hostpath: [{ name: "juliarun", path: "/jr" }] };

function plan(request: JobRequest, images: Record<string, object> = {}): JobPlan {
  const julia = { image: "julia:1.11" };
  const config = toConfig({ storage, images: { julia, ...images } });
  const type = types.get(request.type);
  return makePlan(type, makeSpec(type, request), planContext(config, { baseDir: "/base" }));
}

const web = { name: "web", cfgFile: "/mnt/juliarun/web/nginx.conf", runVolume: "juliarun" };
const queue = { name: "queue", cfgFile: "queue/rabbitmq.conf", runVolume: "juliarun" };

describe("Webserver", () => {
  it("has the manual's defaults", () => {
    const { groups, ...rest } = plan(webserver(web));
    expect(rest).toMatchObject({ completion: "none", external: false, minWorkers: 0 });
    expect(groups).toMatchObject([
      {
        role: "worker",
        lifecycle: "service",
        replicas: 1,
        restart: { policy: "always" },
        readiness: { kind: "tcp", port: 80 },
        container: {
          image: "nginx:1",
          resources: { cpuMillis: 100, memoryBytes: 512 * 2 ** 20, gpus: 0 },
          mounts: [{ volume: "juliarun", path: "/mnt/juliarun", readOnly: false }],
          runtime: false,
          ports: [
            { name: "http", containerPort: 80, servicePort: 80 },
            { name: "https", containerPort: 443, servicePort: 443 },
          ],
        },
      },
    ]);
    expect(groups[0]?.container.command.slice(-2)).toEqual(["nginx", web.cfgFile]);
  });

  it("takes program, user and gateway from the configuration", () => {
    const nginx = { image: "nginx:own", executable: "/usr/sbin/nginx", user: "33" };
    const made = plan(webserver({ ...web, nworkers: 3 }), { nginx, haproxy: { image: "ha:3" } });
    expect(made.gatewayImage).toBe("ha:3");
    expect(made.groups[0]).toMatchObject({
      replicas: 3,
      container: { image: "nginx:own", user: "33" },
    });
    expect(made.groups[0]?.container.command).toContain("/usr/sbin/nginx");
    expect(made.groups[0]?.container.capabilities).toBeUndefined();
  });

  it("lets root do what the server needs, also where the image names root", () => {
    const own = { image: "nginx:own", executable: "nginx" };
    for (const nginx of [own, { ...own, user: "0:0" }]) {
      const made = plan(webserver(web), { nginx });
      expect(made.groups[0]?.container.capabilities).toContain("CHOWN");
    }
  });

  it("takes a file that comes with the job, and refuses one on a volume that is not there", () => {
    const files = [placedFile("nginx.conf", "events {}")];
    const placed = plan(webserver({ ...web, cfgFile: "nginx.conf", files }));
    expect(placed.groups[0]?.container.command.at(-1)).toBe("/run/juliarun/files/nginx.conf");
    expect(() => plan(webserver({ ...web, cfgFile: "/mnt/data/nginx.conf" }))).toThrow(
      /cfgFile.*no volume data is mounted/,
    );
    expect(() => plan({ ...webserver(web), parameters: { runVolume: "juliarun" } })).toThrow(
      /cfgFile/,
    );
  });
});

describe("MessageQ", () => {
  it("has the manual's defaults, a name of its own and its data on the run volume", () => {
    const { groups, completion } = plan(messageQ(queue));
    expect(completion).toBe("none");
    expect(groups).toMatchObject([
      {
        role: "master",
        lifecycle: "service",
        replicas: 1,
        readiness: { kind: "tcp", port: 5672 },
        graceSeconds: 30,
        container: {
          image: "rabbitmq:3",
          resources: { cpuMillis: 1000, memoryBytes: 4 * 2 ** 30 },
          env: {
            RABBITMQ_CONFIG_FILE: "/mnt/juliarun/queue/rabbitmq.conf",
            RABBITMQ_MNESIA_BASE: "/mnt/juliarun/queue/mnesia",
            RABBITMQ_NODENAME: "rabbit@localhost",
          },
          ports: [
            { name: "amqptls", containerPort: 5671, servicePort: 5671 },
            { name: "amqp", containerPort: 5672, servicePort: 5672 },
            { name: "mgmttls", containerPort: 15_672, servicePort: 15_671 },
            { name: "mgmt", containerPort: 15_672, servicePort: 15_672 },
          ],
        },
      },
    ]);
  });

  it("takes the configured image of that name, else the one called rabbitmq", () => {
    const rabbitmq = { image: "queue:own", executable: "/opt/rabbit" };
    const [master] = plan(messageQ(queue), { rabbitmq }).groups;
    expect(master?.container.image).toBe("queue:own");
    expect(master?.container.command.at(-2)).toBe("/opt/rabbit");
    const other = plan(messageQ({ ...queue, image: "rabbitmq" }), { rabbitmq });
    expect(other.groups[0]?.container.image).toBe("queue:own");
  });
});

describe("Generic", () => {
  const images = { tool: { image: "tool:1" } };
  const job = { name: "any", image: "tool", runVolume: "juliarun" };

  it("is a task without ports", () => {
    const made = plan(generic({ ...job, command: ["sh", "-c"], args: ["x"], nworkers: 2 }), images);
    expect(made).toMatchObject({
      completion: "workers",
      groups: [
        {
          role: "worker",
          lifecycle: "task",
          replicas: 2,
          restart: { policy: "on-failure", maxRestarts: 6 },
          container: { image: "tool:1", command: ["sh", "-c", "x"], ports: [] },
        },
      ],
    });
    expect(made.groups[0]).not.toHaveProperty("readiness");
  });

  it("is a service with ports", () => {
    const ports = "api:8080:80";
    const made = plan(generic({ ...job, ports, readyPath: "/up" }), images);
    expect(made).toMatchObject({
      completion: "none",
      groups: [
        {
          lifecycle: "service",
          replicas: 1,
          restart: { policy: "always" },
          readiness: { kind: "http", port: 8080, path: "/up" },
          container: { command: [] },
        },
      ],
    });
  });

  it("refuses a path to be ready at without a port, and an image that nobody knows", () => {
    expect(() => plan(generic({ ...job, readyPath: "/up" }), images)).toThrow(/needs a port/);
    expect(() => plan(generic(job))).toThrow(/unknown image tool/);
  });
});
