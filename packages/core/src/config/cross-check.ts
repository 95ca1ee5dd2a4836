import { formatPath, type InputIssue } from "../schema/input-issue.ts";

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

/** Anything as an object: these checks also run on input that has other problems. */
function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const isTrue = (value: unknown): boolean => value === true || value === "true";

interface NamedVolume {
  readonly name: string;
  readonly path: Path;
  readonly readOnly: boolean;
}

function namedVolumes(storage: unknown): NamedVolume[] {
  const volumes: NamedVolume[] = [];
  const note = (entry: unknown, path: Path): void => {
    const { name, readonly } = fields(entry);
    if (typeof name === "string")
      volumes.push({ name, path: [...path, "name"], readOnly: isTrue(readonly) });
  };
  for (const [kind, entries] of Object.entries(fields(storage))) {
    for (const [index, entry] of list(entries).entries()) {
      const path = ["storage", kind, index];
      if (kind !== "glusterfs") note(entry, path);
      else
        for (const [at, mount] of list(fields(entry)["mount"]).entries())
          note(mount, [...path, "mount", at]);
    }
  }
  return volumes;
}

function checkVolumes(volumes: readonly NamedVolume[]): InputIssue[] {
  const first = new Map<string, Path>();
  return volumes.flatMap(({ name, path }) => {
    const other = first.get(name);
    if (!other) {
      first.set(name, path);
      return [];
    }
    return [
      {
        path,
        message: `is ${name}, like another volume (${formatPath(other.slice(0, -1))}): names must be unique among all kinds`,
      },
    ];
  });
}

function checkPackages(packages: unknown, volumes: readonly NamedVolume[]): InputIssue[] {
  const byName = new Map(volumes.map((volume) => [volume.name, volume]));
  return list(packages).flatMap((bundle, index) => {
    if (typeof bundle !== "string") return [];
    const issues: InputIssue[] = [];
    for (const [name, readOnly] of [
      [bundle, true],
      [`${bundle}rw`, false],
    ] as const) {
      const volume = byName.get(name);
      const wanted = readOnly ? "read-only" : "writable";
      const path = ["packages", index];
      if (!volume) issues.push({ path, message: `needs a ${wanted} volume ${name} in storage` });
      else if (volume.readOnly !== readOnly) {
        issues.push({
          path,
          message: `needs the volume ${name} to be ${wanted}: set its "readonly" to ${readOnly}`,
        });
      }
    }
    return issues;
  });
}

function checkProjectCache(name: unknown, volumes: readonly NamedVolume[]): InputIssue[] {
  if (typeof name !== "string") return [];
  const path = ["projectcache"];
  const volume = volumes.find((each) => each.name === name);
  if (!volume) return [{ path, message: `needs a writable volume ${name} in storage` }];
  if (!volume.readOnly) return [];
  return [
    { path, message: `needs the volume ${name} to be writable: set its "readonly" to false` },
  ];
}

const AUTH_NEEDS: Readonly<Record<string, readonly string[]>> = {
  cert: ["client-certificate-data", "client-key-data"],
  token: ["token"],
};

function checkCompute(compute: Fields): InputIssue[] {
  const auth = fields(compute["auth"]);
  const type = String(auth["type"]);
  const issues = (Object.hasOwn(AUTH_NEEDS, type) ? (AUTH_NEEDS[type] ?? []) : [])
    .filter((key) => auth[key] === undefined)
    .map((key): InputIssue => ({
      path: ["compute", "auth", key],
      message: `is required for type ${type}`,
    }));
  const docker = fields(compute["docker"]);
  if (docker["host"] !== undefined && docker["context"] !== undefined) {
    issues.push({
      path: ["compute", "docker", "context"],
      message: "must not be given together with host",
    });
  }
  return issues;
}

function checkKuberscaler(kuberscaler: Fields): InputIssue[] {
  const issues: InputIssue[] = [];
  const headroom = fields(kuberscaler["headroom"]);
  const nodecount = list(headroom["nodecount"]).map(Number);
  if (nodecount.length !== list(headroom["freepct"]).length) {
    issues.push({
      path: ["kuberscaler", "headroom", "freepct"],
      message: "must have as many numbers as nodecount",
    });
  }
  if (nodecount.some((count, index) => index > 0 && count <= (nodecount[index - 1] ?? 0))) {
    issues.push({
      path: ["kuberscaler", "headroom", "nodecount"],
      message: "must rise from number to number",
    });
  }
  if (Number(kuberscaler["min"] ?? 1) > Number(kuberscaler["max"] ?? 5)) {
    issues.push({ path: ["kuberscaler", "min"], message: "must not be more than max" });
  }
  return issues;
}

function checkRegistries(registries: Fields): InputIssue[] {
  return Object.entries(registries).flatMap(([host, entry]): InputIssue[] => {
    const { username, password, secret } = fields(entry);
    const path = ["registries", host];
    if (username !== undefined && password === undefined)
      return [{ path: [...path, "password"], message: "is required with username" }];
    if (username === undefined && password !== undefined)
      return [{ path: [...path, "username"], message: "is required with password" }];
    if (username === undefined && secret === undefined)
      return [{ path, message: "needs username and password, or secret" }];
    return [];
  });
}

/** What is wrong between keys of a configuration: double volume names, bundles without their two volumes, and the like. */
export function crossCheck(input: unknown): InputIssue[] {
  const config = fields(input);
  const volumes = namedVolumes(config["storage"]);
  return [
    ...checkVolumes(volumes),
    ...checkPackages(config["packages"], volumes),
    ...checkProjectCache(config["projectcache"], volumes),
    ...checkCompute(fields(config["compute"])),
    ...checkRegistries(fields(config["registries"])),
    ...checkKuberscaler(fields(config["kuberscaler"])),
  ];
}
