import { describe, expect, it } from "vitest";
import { isManagerError, type ManagerError } from "../errors/manager-error.ts";
import { parseConfig } from "./parse-config.ts";

function refusal(text: string): ManagerError {
  try {
    parseConfig(text, { filename: "config.json" });
  } catch (error) {
    if (isManagerError(error, "CONFIG_INVALID")) return error;
    throw error;
  }
  throw new Error("was not refused");
}

const problems = (config: unknown): string[] =>
  refusal(JSON.stringify(config)).message.split("\n").slice(1);

describe("parseConfig", () => {
  it("reads comments, trailing commas, a byte order mark, and nothing but defaults", () => {
    expect(
      parseConfig('\uFEFF// nothing\n{ "images": { "julia": { "image": "x", }, }, /* end */ }\n')
        .images,
    ).toEqual({
      julia: { image: "x", executable: "julia" },
    });
    expect(parseConfig("{}")).toMatchObject({
      clustertype: "Docker",
      loggertype: "Native",
      compute: { namespace: "default", auth: { type: "none", "cert-verify": true } },
      images: { julia: { image: "julia:1" } },
      packages: [],
      accountingtype: "NoAccounting",
      scalingtype: "NoScaling",
    });
  });

  it("accepts quoted numbers and booleans, as the manual writes them", () => {
    const config = parseConfig(`{
      "compute": { "auth": { "cert-verify": "false" } },
      "accounting": { "aggregate_ratio": "12", "replication": "2", "default_retention_policy": "false" },
      "storage": { "scratch": [{ "name": "a", "readonly": "true" }] },
      "kuberscaler": { "cooldown": "7", "headroom": { "nodecount": ["3", 5], "freepct": [30, "20"] } },
    }`);
    expect(config.compute.auth["cert-verify"]).toBe(false);
    expect(config.accounting).toMatchObject({
      aggregate_ratio: 12,
      replication: 2,
      default_retention_policy: false,
    });
    expect(config.storage.scratch).toEqual([{ name: "a", readonly: true }]);
    expect(config.kuberscaler).toMatchObject({
      cooldown: 7,
      headroom: { nodecount: [3, 5], freepct: [30, 20] },
    });
  });

  it("explains all problems at once, in the order of the file, with line and column", () => {
    const error = refusal(`{
  "clustertyp": "Docker",
  "storage": {
    "hostpath": [
      { "name": "a", "path": "./x" },
      { "name": "a", "pth": "/y" },
    ],
  },
  "packages": ["a"],
  "compute": { "auth": { "type": "token" } },
}`);
    expect(error.message).toBe(
      [
        "The configuration has 7 problems:",
        "config.json:2:3: clustertyp is not a known key; did you mean clustertype?",
        "config.json:6:7: storage.hostpath[1].path is required",
        "config.json:6:9: storage.hostpath[1].name is a, like another volume (storage.hostpath[0]): names must be unique among all kinds",
        "config.json:6:22: storage.hostpath[1].pth is not a known key; did you mean path?",
        'config.json:9:16: packages[0] needs the volume a to be read-only: set its "readonly" to true',
        "config.json:9:16: packages[0] needs a writable volume arw in storage",
        "config.json:10:16: compute.auth.token is required for type token",
      ].join("\n"),
    );
    expect(error.details["filename"]).toBe("config.json");
    expect(error.details["issues"]).toContainEqual({
      path: "clustertyp",
      message: "is not a known key",
      suggestion: "clustertype",
      line: 2,
      column: 3,
    });
  });

  it.each([
    ["", "1:1: the file is empty"],
    ["// only a comment", "the file is empty"],
    ["[]", "1:1: must be an object"],
    ['{ "log": {} "compute": {} }', '1:13: a "," is missing here'],
    ['{ "log" {} }', 'a ":" is missing here'],
    ["{", 'a "}" is missing here'],
    ["{ log: {} }", "neither a value nor a key in double quotes"],
    ["{ 'log': {} }", "config.json:1:3"],
    ['{ "log": {} } x', "1:15"],
    ['{ "log": {}, "log": {} }', "1:14: log stands here a second time"],
    ['{ "__proto__": {} }', "__proto__ is not a known key"],
    ['{ "compute": { "constructor": 1 } }', "compute.constructor is not a known key"],
  ])("refuses %j", (text, message) => {
    expect(refusal(text).message).toContain(message);
  });

  it.each<[unknown, string]>([
    [
      { log: { level: "LOUD" } },
      'log.level must be one of DEBUG, INFO, WARNING, ERROR, not "LOUD"',
    ],
    [{ log: { level: "warn" } }, "did you mean WARNING?"],
    [
      { clustertype: "Dokcer" },
      'clustertype must be Docker, Kubernetes, Memory or a module such as ./file.ts, not "Dokcer"; did you mean Docker?',
    ],
    [
      { clustertype: "JuliaRun.KuberClusters.KuberClustr" },
      "did you mean JuliaRun.KuberClusters.KuberCluster?",
    ],
    [{ loggertype: "ESLoger" }, "did you mean ESLogger?"],
    [{ externalsvc: "Nodeport" }, "did you mean NodePort?"],
    [
      { compute: { uri: "kubernetes:6443" } },
      "compute.uri must be an address such as https://host:port",
    ],
    [
      { compute: { uri: "https://me:secret@kubernetes" } },
      "compute.uri must not contain a user name or password",
    ],
    [{ compute: { namespace: "My_Team" } }, "compute.namespace must be lower-case letters"],
    [
      { compute: { auth: { type: "cert", "client-key-data": "x" } } },
      "compute.auth.client-certificate-data is required for type cert",
    ],
    [
      { compute: { auth: { token: { fil: "x" } } } },
      'compute.auth.token must be a text, { "file": "path" } or',
    ],
    [
      { compute: { auth: { "cert-verify": "no" } } },
      "compute.auth.cert-verify must be true or false",
    ],
    [{ compute: { capacity: { cpu: "much" } } }, "compute.capacity.cpu must be a number of cores"],
    [{ compute: { capacity: { memory: "8GB" } } }, "did you mean 8Gi?"],
    [
      { compute: { docker: { host: "unix:///x", context: "y" } } },
      "compute.docker.context must not be given together with host",
    ],
    [
      { storage: { gce: [{ name: "A", disk: "x" }] } },
      "storage.gce[0].name must be lower-case letters",
    ],
    [
      { storage: { nfs: [{ name: "a", server: "s", path: "data" }] } },
      "storage.nfs[0].path must be an absolute path",
    ],
    [
      { storage: { ebs: [{ name: "a", volume_id: "y", "volume id": "x" }] } },
      "did you mean volume_id?",
    ],
    [
      { storage: { glusterfs: [{ name: "g", ip: [], mount: [] }] } },
      "storage.glusterfs[0].ip must name at least one node",
    ],
    [
      { storage: { gitrepo: [{ name: "a", repository: "https://tok@host/x" }] } },
      "must not contain a user name or password",
    ],
    [{ storage: { hostpath: {} } }, "storage.hostpath must be a list"],
    [{ storage: { nsf: [] } }, "storage.nsf is not a known key; did you mean nfs?"],
    [{ images: { julia: "julia:1" } }, 'images.julia must be an object, not "julia:1"'],
    [{ images: { julia: {} } }, "images.julia.image is required"],
    [
      { storage: { scratch: [{ name: "prw" }] }, packages: ["p"] },
      "packages[0] needs a read-only volume p in storage",
    ],
    [{ accounting: { average: "ten" } }, "accounting.average must be a duration"],
    [{ accounting: { "aggregate ratio": 6 } }, "did you mean aggregate_ratio?"],
    [
      { kuberscaler: { cloudscaler: "AWSScalar" } },
      "kuberscaler.cloudscaler must be AWSScaler, AzureACSEngineScaler, GCEScaler",
    ],
    [{ kuberscaler: { headroom: { nodecount: [3, 3], freepct: [1, 1] } } }, "nodecount must rise"],
    [
      { kuberscaler: { headroom: { nodecount: [3], freepct: [] } } },
      "freepct must have as many numbers as nodecount",
    ],
    [{ kuberscaler: { min: "9" } }, "kuberscaler.min must not be more than max"],
    [{ server: { url: "server" } }, "server.url must be an address"],
  ])("explains %j", (config, message) => {
    expect(problems(config)).toHaveLength(1);
    expect(problems(config)[0]).toContain(message);
  });

  it("finds a name that is used in two kinds of storage", () => {
    const mount = [{ volume: "v", name: "a" }];
    expect(
      problems({
        storage: { glusterfs: [{ name: "a", ip: ["h"], mount }], scratch: [{ name: "a" }] },
      }),
    ).toEqual([
      expect.stringContaining(
        "storage.scratch[0].name is a, like another volume (storage.glusterfs[0].mount[0])",
      ),
    ]);
  });
});
