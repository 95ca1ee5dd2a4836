import { SpecIssues } from "../errors/spec-issues.ts";
import type { ImageSource, PlanInput } from "../job-types/job-type.ts";
import type { Ports } from "../spec/ports.ts";
import { toServicePorts } from "../spec/ports.ts";
import { COOKIE_SECRET, ENV, MASTER_PORT, RUNTIME_WRAPPER } from "./job-environment.ts";
import type { JobPlan, Mount, RestartPolicy, UnitGroup } from "./job-plan.ts";
import { resolveImage } from "./resolve-image.ts";
import { toResources } from "./resources.ts";
import { bundleEnvironment, projectEnvironment } from "./package-environment.ts";
import { checkVolumePath, scriptPath } from "./script-path.ts";
import type { UnitRole } from "./unit-id.ts";
import { mountedSources, volumeMounts, volumePath } from "./volume-mounts.ts";

/** Parameters that all Julia job types share. */
export interface JuliaParameters {
  readonly runVolume: string;
  readonly pkgBundle?: string | undefined;
  /** Where the `Project.toml` of its environment is: a folder or file on a volume, or a placed file. */
  readonly project?: string | undefined;
  readonly additionalVolumes: readonly string[];
  readonly ports: Readonly<Ports>;
  readonly external: boolean;
  readonly image: string;
  readonly args: readonly string[];
  readonly restart: RestartPolicy["policy"];
  readonly maxRestarts: number;
  readonly maxRuntime?: number | undefined;
  readonly startTimeout?: number | undefined;
  readonly keepAfterFinish?: number | undefined;
  readonly after: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What only some job types ask for. */
export interface JuliaJobSetting {
  /** Package bundle that the job builds: its writable twin is mounted in its place. */
  readonly buildBundle?: string;
  /** Whether the build begins with an empty bundle. */
  readonly fresh?: boolean;
}

/** One group of units that run a Julia script. */
export interface JuliaGroup {
  readonly role: UnitRole;
  readonly replicas: number;
  readonly startScript: string;
  readonly shell: string;
  readonly cpu: string;
  readonly gpu: number;
  readonly memory: string;
  readonly envvars: Readonly<Record<string, string>>;
  /** Whether the job's ports are this group's. */
  readonly exposed: boolean;
  /** Whether the units of the job are linked: they then share a cookie. */
  readonly linked?: boolean;
  /** What `wait_for_workers()` waits for. */
  readonly minWorkers?: number;
  /** Parameters that `startScript` and `shell` came from, for messages. */
  readonly named?: { readonly startScript: string; readonly shell: string };
}

/** Makes the plan of a job that runs Julia scripts: the building block of the built-in job types, and of a user's own. */
export class JuliaJob {
  readonly #type: string;
  readonly #input: PlanInput<JuliaParameters>;
  readonly #issues = new SpecIssues();
  readonly #image: ImageSource;
  readonly #mounts: readonly Mount[];
  /** The environment that its packages come from. */
  readonly #packages: Readonly<Record<string, string>>;

  /** @param type - name of the job type. */
  constructor(type: string, input: PlanInput<JuliaParameters>, setting: JuliaJobSetting = {}) {
    const { parameters, context, files } = input;
    this.#type = type;
    this.#input = input;
    this.#image = resolveImage(parameters.image, context, this.#issues);
    const { project, runVolume, pkgBundle } = parameters;
    const projectCache = project === undefined ? undefined : (context.projectCache ?? runVolume);
    const choice = { ...parameters, ...setting, projectCache };
    this.#mounts = volumeMounts(choice, context, this.#issues);
    const place = { runVolume, mounts: this.#mounts, files };
    this.#packages = {
      ...bundleEnvironment(pkgBundle, setting),
      ...(project === undefined || projectCache === undefined
        ? {}
        : projectEnvironment(project, projectCache, place, this.#issues)),
    };
  }

  /** A group of units: all run the same script, with the runtime wrapper around it. */
  group(group: JuliaGroup): UnitGroup {
    const { parameters, files } = this.#input;
    return {
      role: group.role,
      lifecycle: "task",
      replicas: group.replicas,
      restart: { policy: parameters.restart, maxRestarts: parameters.maxRestarts },
      container: {
        image: this.#image.image,
        ...(this.#image.user === undefined ? {} : { user: this.#image.user }),
        command: ["/bin/sh", RUNTIME_WRAPPER, ...parameters.args],
        env: this.#environment(group),
        resources: toResources(group.cpu, group.memory, group.gpu),
        mounts: this.#mounts,
        runtime: true,
        files,
        secrets: group.linked === true ? [COOKIE_SECRET] : [],
        ports: group.exposed ? toServicePorts(parameters.ports) : [],
      },
    };
  }

  /**
   * The job's plan.
   * @throws ManagerError SPEC_INVALID with everything that is unknown to the configuration.
   */
  plan(completion: JobPlan["completion"], groups: readonly UnitGroup[], minWorkers = 0): JobPlan {
    const { parameters, name, context } = this.#input;
    this.#issues.throwIfAny(`${this.#type} ${JSON.stringify(name)}`);
    const { maxRuntime, startTimeout, keepAfterFinish } = parameters;
    return {
      completion,
      groups,
      volumes: mountedSources(this.#mounts, context),
      external: parameters.external,
      ...(maxRuntime === undefined ? {} : { maxRuntimeSeconds: maxRuntime }),
      minWorkers,
      ...(startTimeout === undefined ? {} : { startTimeoutSeconds: startTimeout }),
      ...(keepAfterFinish === undefined ? {} : { keepAfterFinishSeconds: keepAfterFinish }),
      after: parameters.after,
      labels: parameters.labels,
    };
  }

  #environment(group: JuliaGroup): Record<string, string> {
    const { name, parameters, context, files } = this.#input;
    const named = group.named ?? { startScript: "startScript", shell: "shell" };
    const runVolume = volumePath(parameters.runVolume);
    checkVolumePath(group.shell, named.shell, this.#mounts, this.#issues);
    const script = scriptPath(
      group.startScript,
      {
        parameter: named.startScript,
        runVolume: parameters.runVolume,
        mounts: this.#mounts,
        files,
      },
      this.#issues,
    );
    const { cpuMillis } = toResources(group.cpu, group.memory, group.gpu);
    return {
      [ENV.juliaThreads]: String(Math.max(1, Math.floor(cpuMillis / 1000))),
      ...group.envvars,
      [ENV.type]: this.#type,
      [ENV.name]: name,
      [ENV.namespace]: context.namespace,
      [ENV.dir]: `${runVolume}/${name}`,
      [ENV.runVolume]: runVolume,
      [ENV.startScript]: script,
      [ENV.executable]: this.#image.executable,
      [ENV.shell]: group.shell,
      ...(group.linked === true ? { [ENV.masterPort]: String(MASTER_PORT) } : {}),
      ...(group.minWorkers === undefined ? {} : { [ENV.minWorkers]: String(group.minWorkers) }),
      ...this.#packages,
      ...(context.serverUrl === undefined ? {} : { [ENV.serverUrl]: context.serverUrl }),
    };
  }
}
