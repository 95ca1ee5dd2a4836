import type { Accounting } from "../accounting/accounting.ts";
import { NoAccounting } from "../accounting/no-accounting.ts";
import type { ClusterBackend } from "../backend/cluster-backend.ts";
import type { Config } from "../config/config-schema.ts";
import type { SecretSource } from "../config/secret.ts";
import { ManagerError } from "../errors/manager-error.ts";
import { assertJobType } from "../job-types/define-job-type.ts";
import type { JobType } from "../job-types/job-type.ts";
import type { Logger } from "../logs/logger.ts";
import type { CloudScaler } from "../scaling/cloud-scaler.ts";
import { NoScaling } from "../scaling/no-scaling.ts";
import { findPlugin, type PluginKind, shortNames, suggestPlugin } from "./plugin-names.ts";

/** What a plugin is made from. */
export interface PluginInput {
  readonly config: Config;
  readonly namespace: string;
  /** Absolute folder that relative paths of the configuration are meant from. */
  readonly baseDir: string;
  /** Files and environment variables, for secrets. */
  readonly secrets: SecretSource;
  /** The process's environment, for plugins that honour its variables (`DOCKER_HOST`, `KUBECONFIG`). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of what a person should know and nothing fails for, such as a damaged file that was replaced. */
  readonly onWarning?: (message: string) => void;
}

/** What a plugin of each kind makes. A module exports it as `create`; a module of job types just exports them. */
export interface PluginFactories {
  backend: (input: PluginInput) => Promise<ClusterBackend>;
  logger: (input: PluginInput) => Promise<Logger>;
  accounting: (input: PluginInput) => Promise<Accounting>;
  cloudscaler: (input: PluginInput) => Promise<CloudScaler>;
  scaling: (input: PluginInput) => Promise<CloudScaler>;
  jobtype: () => Promise<readonly JobType[]>;
}

/** Gives a built-in plugin's factory; imports its package only then. */
export type PluginLoader<Kind extends PluginKind> = () => Promise<PluginFactories[Kind]>;

/** Imports a module by its specifier, relative ones from the configuration's folder; given by whoever may do I/O. */
export type ImportModule = (specifier: string) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Finds plugins by the names that a configuration uses: short (`Docker`), the manual's
 * (`JuliaRun.KuberClusters.KuberCluster`), or a module (`./my-type.ts`, `@acme/jrun-slurm`). Nothing is imported before it is used.
 */
export class PluginRegistry {
  readonly #import: ImportModule;
  readonly #loaders = new Map<string, PluginLoader<PluginKind>>();

  constructor(importModule: ImportModule) {
    this.#import = importModule;
    this.register("accounting", "none", () =>
      Promise.resolve(() => Promise.resolve(new NoAccounting())),
    );
    this.register("scaling", "none", () => Promise.resolve(() => Promise.resolve(new NoScaling())));
  }

  /** Says how a built-in plugin of `PLUGIN_NAMES` is loaded. */
  register<Kind extends PluginKind>(kind: Kind, id: string, loader: PluginLoader<Kind>): void {
    this.#loaders.set(`${kind}/${id}`, loader);
  }

  /**
   * The factory of a plugin.
   * @throws ManagerError CONFIG_INVALID for an unknown name (with the nearest known one), a module that cannot be
   * imported or lacks `create`, and a built-in plugin that this program does not have.
   */
  async load<Kind extends PluginKind>(kind: Kind, name: string): Promise<PluginFactories[Kind]> {
    const found = findPlugin(kind, name);
    if (found?.type === "module")
      return (await this.#fromModule(kind, found.specifier)) as PluginFactories[Kind];
    const loader = found && this.#loaders.get(`${kind}/${found.id}`);
    if (loader) return (await loader()) as PluginFactories[Kind];
    const suggestion = found ? undefined : suggestPlugin(kind, name);
    const known = shortNames(kind).join(", ");
    throw new ManagerError(
      "CONFIG_INVALID",
      found
        ? `The ${kind} ${name} is not part of this program.`
        : `Unknown ${kind} ${JSON.stringify(name)}${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`,
      {
        hint: `Name one of ${known || "your own modules"}, or a module such as ./file.ts.`,
        details: { kind, name, suggestion },
      },
    );
  }

  async #fromModule(kind: PluginKind, specifier: string): Promise<PluginFactories[PluginKind]> {
    let module: Readonly<Record<string, unknown>>;
    try {
      module = await this.#import(specifier);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ManagerError(
        "CONFIG_INVALID",
        `The ${kind} ${specifier} cannot be imported: ${reason}`,
        { cause: error },
      );
    }
    if (kind === "jobtype") {
      const types = jobTypesOf(module, specifier);
      return () => Promise.resolve(types);
    }
    const { create } = module;
    if (typeof create === "function") return create as PluginFactories[PluginKind];
    throw new ManagerError(
      "CONFIG_INVALID",
      `The ${kind} ${specifier} exports no function called create.`,
    );
  }
}

/** All exports of a module that are meant as job types. */
function jobTypesOf(module: Readonly<Record<string, unknown>>, specifier: string): JobType[] {
  const types: JobType[] = [];
  for (const [name, value] of Object.entries(module)) {
    if (
      typeof value === "object" &&
      value !== null &&
      "plan" in value &&
      !types.includes(value as JobType)
    ) {
      assertJobType(value, `${name} of ${specifier}`);
      types.push(value);
    }
  }
  if (types.length > 0) return types;
  throw new ManagerError("CONFIG_INVALID", `${specifier} exports no job type.`, {
    hint: "Export what `defineJobType()` of @juliarun/core returns.",
  });
}
