import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import {
  ENV,
  FILES_DIR,
  MASTER_PORT,
  RUNTIME_DIR,
  RUNTIME_WRAPPER,
  SECRETS_DIR,
} from "@juliarun/core";
import { loadRuntimeBundle } from "@juliarun/runtime";
import { docker, jobLabel, LABEL } from "./docker-cli.ts";
import { Unit } from "./unit.ts";

/** A user that no image knows. */
const STRANGER = 4242;
const VOLUME = "/mnt/juliarun";
// As the backend runs units: few rights, and a log driver that keeps every byte.
const RESTRICTIONS =
  "--cap-drop ALL --security-opt no-new-privileges --pids-limit 512 --log-driver local --log-opt max-size=100m".split(
    " ",
  );

/** How a unit differs from the usual one. */
export interface UnitOptions {
  /** `master` (default) or `worker-<i>`. */
  readonly unit?: string;
  readonly script?: string;
  readonly shell?: string;
  readonly args?: readonly string[];
  /** Id of the submit. */
  readonly uid?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly image?: string;
  /** The shell that runs the wrapper: `/bin/sh` by default. */
  readonly sh?: readonly string[];
  /** The wrapper: the one of Julia programs by default. */
  readonly wrapper?: string;
  /** Whether it gets the job's secrets; it does by default. */
  readonly secrets?: boolean;
  /** More arguments of `docker run`. */
  readonly docker?: readonly string[];
}

/** A job as a backend would run it, made by hand: a run volume, the runtime files, a network, units. */
export class TestJob implements AsyncDisposable {
  readonly id: string;
  readonly #folder: string;
  readonly #image: string;
  readonly #user: number;
  #network: string | undefined;

  private constructor(id: string, folder: string, image: string, user: number) {
    this.id = id;
    this.#folder = folder;
    this.#image = image;
    this.#user = user;
  }

  /** @param image - image of units that name none. */
  static async create(image: string): Promise<TestJob> {
    const folder = await mkdtemp(join(tmpdir(), "jrun-runtime-"));
    await chmod(folder, 0o755);
    const { uid } = userInfo();
    const user = uid === 0 ? STRANGER : uid;
    const job = new TestJob(randomBytes(6).toString("hex"), folder, image, user);
    const { files } = await loadRuntimeBundle();
    for (const { path, mode, content } of files)
      await place(join(folder, "runtime", path), content, mode);
    for (const name of ["volume", "secrets", "files"]) await mkdir(join(folder, name));
    await job.own("");
    return job;
  }

  /** Path on the host of something on the run volume. */
  path(name: string): string {
    return join(this.#folder, "volume", name);
  }

  /** Writes a file of the user's to the run volume; its path in containers. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    await place(this.path(name), content, 0o644);
    return `${VOLUME}/${name}`;
  }

  /** Writes a file that came with the submit; its path in containers. */
  async placedFile(name: string, content: string): Promise<string> {
    await place(join(this.#folder, "files", name), content, 0o644);
    return `${FILES_DIR}/${name}`;
  }

  /** Writes a secret file. */
  async secret(name: string, content: string): Promise<void> {
    await place(join(this.#folder, "secrets", name), content, 0o644);
  }

  /** Content of a file in the job's log folder. */
  async log(name: string): Promise<Buffer> {
    return readFile(this.path(`job/log/${name}`));
  }

  /** Gives a folder on the run volume to the user that units run as, where that is another one. */
  async own(name: string): Promise<void> {
    if (userInfo().uid === 0) await chown(this.path(name), this.#user, this.#user);
  }

  /** Connects units started from now on: each is reached by its unit's name. */
  async connect(): Promise<void> {
    this.#network = `jrun-test-${this.id}`;
    await docker("network", "create", "--label", LABEL, this.#network);
  }

  /** Starts a unit. */
  async start(options: UnitOptions = {}): Promise<Unit> {
    const unit = options.unit ?? "master";
    const env: Record<string, string | undefined> = {
      [ENV.type]: "JuliaBatch",
      [ENV.name]: "job",
      [ENV.namespace]: "default",
      [ENV.uid]: options.uid ?? "first",
      [ENV.dir]: `${VOLUME}/job`,
      [ENV.role]: unit === "master" ? "master" : "worker",
      [ENV.unit]: unit,
      [ENV.runVolume]: VOLUME,
      [ENV.executable]: "julia",
      [ENV.masterHost]: "master",
      [ENV.masterPort]: String(MASTER_PORT),
      [ENV.shell]: options.shell ?? `${unit === "master" ? "master" : "worker"}.sh`,
      [ENV.startScript]: options.script,
      ...options.env,
    };
    const network = this.#network ?? "none";
    const id = await docker(
      "run",
      "--detach",
      "--label",
      LABEL,
      "--label",
      jobLabel(this.id),
      "--user",
      `${this.#user}:${this.#user}`,
      ...RESTRICTIONS,
      "--network",
      network,
      ...(this.#network === undefined ? [] : ["--network-alias", unit]),
      ...this.#mounts(options.secrets ?? true).flatMap((mount) => ["--mount", mount]),
      ...Object.entries(env).flatMap(([name, value]) =>
        value === undefined ? [] : ["--env", `${name}=${value}`],
      ),
      ...(options.docker ?? []),
      options.image ?? this.#image,
      ...(options.sh ?? ["/bin/sh"]),
      options.wrapper ?? RUNTIME_WRAPPER,
      ...(options.args ?? []),
    );
    return new Unit(id);
  }

  #mounts(secrets: boolean): string[] {
    const mount = (folder: string, target: string) =>
      `type=bind,source=${join(this.#folder, folder)},target=${target}`;
    return [
      `${mount("runtime", RUNTIME_DIR)},readonly`,
      ...(secrets ? [`${mount("secrets", SECRETS_DIR)},readonly`] : []),
      `${mount("files", FILES_DIR)},readonly`,
      mount("volume", VOLUME),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ids = await docker("ps", "--all", "--quiet", "--filter", `label=${jobLabel(this.id)}`);
    if (ids !== "") await docker("rm", "--force", ...ids.split("\n"));
    if (this.#network !== undefined) await docker("network", "rm", this.#network);
    await rm(this.#folder, { recursive: true });
  }
}

async function place(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
}
