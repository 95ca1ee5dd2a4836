/** What a call does, in the words of Kubernetes' access control. */
export interface Doing {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb: string;
  /** Plural, with a subresource: `pods`, `pods/log`. */
  readonly resource: string;
  readonly name?: string;
  /** Absent for resources of the whole cluster. */
  readonly namespace?: string;
}

const VERBS: Readonly<Record<string, readonly [one: string, all: string]>> = {
  GET: ["get", "list"],
  POST: ["create", "create"],
  PUT: ["update", "update"],
  PATCH: ["patch", "patch"],
  DELETE: ["delete", "deletecollection"],
};

/** What a request does, from its method and path: `GET /api/v1/namespaces/x/pods/y/log` gets `pods/log`. Pure. */
export function toDoing(method: string, path: string): Doing {
  const url = new URL(path, "http://server");
  const parts = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  // Behind /api/<version> or /apis/<group>/<version>; a server may live below a path of its own.
  const root = parts.findIndex((part) => part === "api" || part === "apis");
  const rest = root < 0 ? [] : parts.slice(root + (parts[root] === "api" ? 2 : 3));
  const namespaced = rest[0] === "namespaces" && rest.length > 2;
  const [resource, name, ...sub] = namespaced ? rest.slice(2) : rest;
  const watches = ["true", "1"].includes(url.searchParams.get("watch") ?? "");
  const [one, all] = VERBS[method] ?? [method.toLowerCase(), method.toLowerCase()];
  return {
    verb: watches ? "watch" : name === undefined ? all : one,
    resource: [resource ?? url.pathname, ...sub].join("/"),
    ...(name === undefined ? {} : { name }),
    ...(namespaced && rest[1] !== undefined ? { namespace: rest[1] } : {}),
  };
}

/** In words that fit after "cannot": `create pods in namespace x`, `get configmaps a in namespace x`. Pure. */
export function inWords({ verb, resource, name, namespace }: Doing): string {
  const what = name === undefined ? resource : `${resource} ${name}`;
  return `${verb} ${what}${namespace === undefined ? "" : ` in namespace ${namespace}`}`;
}
