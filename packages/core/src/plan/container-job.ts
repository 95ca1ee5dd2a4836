import { SpecIssues } from "../errors/spec-issues.ts";
import type { ImageSource, PlanInput } from "../job-types/job-type.ts";
import type { Ports } from "../spec/ports.ts";
import { toServicePorts } from "../spec/ports.ts";
import { ENV } from "./job-environment.ts";
import type { JobPlan, Lifecycle, Mount, Readiness, RestartPolicy, UnitGroup } from "./job-plan.ts";
import { resolveImage } from "./resolve-image.ts";
import { toResources } from "./resources.ts";
import { scriptPath } from "./script-path.ts";
import type { UnitRole } from "./unit-id.ts";
import { mountedSources, volumeMounts, volumePath } from "./volume-mounts.ts";

/** Name of the image in the configuration that is put before the units of a service where an engine needs it: HAProxy. */
const GATEWAY_IMAGE_NAME = "haproxy";

/** What an abstract image name means where the configuration does not say. */
export type ImageDefaults = Readonly<Record<string, ImageSource>>;

/** Parameters that all job types share whose program is not a Julia script. */
export interface ContainerParameters {
  readonly runVolume: string;
  readonly additionalVolumes: readonly string[];
  readonly ports: Readonly<Ports>;
  readonly external: boolean;
  readonly image: string;
  readonly cpu: string;
  readonly memory: string;
  readonly envvars: Readonly<Record<string, string>>;
  readonly maxRuntime?: number | undefined;
  readonly startTimeout?: number | undefined;
  readonly keepAfterFinish?: number | undefined;
  readonly after: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** One group of units that run a program of their image. */
export interface ContainerGroup {
  readonly role: UnitRole;
  readonly lifecycle: Lifecycle;
  readonly replicas: number;
  readonly restart: RestartPolicy;
  /** Empty: the image's own. */
  readonly command: readonly string[];
  /** Before the user's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly readiness?: Readiness | undefined;
  readonly graceSeconds?: number;
  /** Linux capabilities that the program needs when it runs as root. */
  readonly capabilities?: readonly string[];
}

/** Makes the plan of a job that runs a program of its image: a server, or anything else. As `JuliaJob` does for Julia scripts. */
export class ContainerJob {
  readonly #type: string;
  readonly #input: PlanInput<ContainerParameters>;
  readonly #issues = new SpecIssues();
  readonly #image: ImageSource;
  readonly #mounts: readonly Mount[];
  readonly #neededFiles: string[] = [];

  /** @param type - name of the job type. */
  constructor(
    type: string,
    input: PlanInput<ContainerParameters>,
    imageDefaults: ImageDefaults = {},
  ) {
    this.#type = type;
    this.#input = input;
    const { image } = input.parameters;
    const usual = Object.hasOwn(input.context.images, image) ? undefined : imageDefaults[image];
    this.#image = usual ?? resolveImage(image, input.context, this.#issues);
    this.#mounts = volumeMounts(input.parameters, input.context, this.#issues);
  }

  /** The configured path or name of the image's program; undefined where the configuration has none of its own. */
  get executable(): string | undefined {
    // What an image has where nothing is configured.
    return this.#image.executable === "julia" ? undefined : this.#image.executable;
  }

  /** The job's folder on its run volume. */
  get folder(): string {
    return `${volumePath(this.#input.parameters.runVolume)}/${this.#input.name}`;
  }

  /** The path in the container of a file that its program needs; problems are noted under the parameter's name. */
  neededFile(given: string, parameter: string): string {
    const { parameters, files } = this.#input;
    const place = { parameter, runVolume: parameters.runVolume, mounts: this.#mounts, files };
    const path = scriptPath(given, place, this.#issues);
    if (this.#mounts.some((mount) => path.startsWith(`${mount.path}/`)))
      this.#neededFiles.push(path);
    return path;
  }

  /** A group of units. */
  group(group: ContainerGroup): UnitGroup {
    const { parameters, files } = this.#input;
    const { user } = this.#image;
    const { readiness, graceSeconds, capabilities } = group;
    return {
      role: group.role,
      lifecycle: group.lifecycle,
      replicas: group.replicas,
      restart: group.restart,
      container: {
        image: this.#image.image,
        ...(user === undefined ? {} : { user }),
        command: group.command,
        env: this.#environment(group),
        resources: toResources(parameters.cpu, parameters.memory, 0),
        mounts: this.#mounts,
        runtime: false,
        files,
        secrets: [],
        ports: toServicePorts(parameters.ports),
        ...(this.#neededFiles.length === 0 ? {} : { neededFiles: this.#neededFiles }),
        // Any other user has none, whatever is asked for.
        ...(capabilities === undefined || !mayBeRoot(user) ? {} : { capabilities }),
      },
      ...(readiness === undefined ? {} : { readiness }),
      ...(graceSeconds === undefined ? {} : { graceSeconds }),
    };
  }

  /**
   * The job's plan.
   * @throws ManagerError SPEC_INVALID with everything that is unknown to the configuration.
   */
  plan(completion: JobPlan["completion"], groups: readonly UnitGroup[]): JobPlan {
    const { parameters, name, context } = this.#input;
    this.#issues.throwIfAny(`${this.#type} ${JSON.stringify(name)}`);
    const { maxRuntime, startTimeout, keepAfterFinish } = parameters;
    const gateway = context.images[GATEWAY_IMAGE_NAME];
    return {
      completion,
      groups,
      volumes: mountedSources(this.#mounts, context),
      external: parameters.external,
      ...(completion === "none" && gateway ? { gatewayImage: gateway.image } : {}),
      ...(maxRuntime === undefined ? {} : { maxRuntimeSeconds: maxRuntime }),
      minWorkers: 0,
      ...(startTimeout === undefined ? {} : { startTimeoutSeconds: startTimeout }),
      ...(keepAfterFinish === undefined ? {} : { keepAfterFinishSeconds: keepAfterFinish }),
      after: parameters.after,
      labels: parameters.labels,
    };
  }

  #environment(group: ContainerGroup): Record<string, string> {
    const { name, parameters, context } = this.#input;
    return {
      ...group.env,
      ...parameters.envvars,
      [ENV.type]: this.#type,
      [ENV.name]: name,
      [ENV.namespace]: context.namespace,
      [ENV.dir]: this.folder,
      [ENV.runVolume]: volumePath(parameters.runVolume),
      ...(context.serverUrl === undefined ? {} : { [ENV.serverUrl]: context.serverUrl }),
    };
  }
}

/** @param user - as the image is configured: a user, or user:group; its own one where undefined. */
function mayBeRoot(user: string | undefined): boolean {
  return user === undefined || /^(0|root)(:|$)/.test(user);
}
