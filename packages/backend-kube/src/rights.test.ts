import { readFile } from "node:fs/promises";
import { loadAllYaml, type V1PolicyRule } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import {
  CLUSTER_RIGHTS,
  JOB_RIGHTS,
  OPTIONAL_RIGHTS,
  rightInWords,
  STORAGE_RIGHTS,
  type RightsRule,
} from "./rights.ts";

interface RoleObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly V1PolicyRule[];
}

async function readRoles(file: string): Promise<RoleObject[]> {
  const url = new URL(`../../../deploy/kubernetes/${file}`, import.meta.url);
  const objects = loadAllYaml(await readFile(url, "utf8")) as (RoleObject | null)[];
  return objects.filter((each) => each !== null);
}

const roles = [...(await readRoles("role.yaml")), ...(await readRoles("cluster-roles.yaml"))];

function given(kind: string, name: string): string[] {
  const role = roles.find((each) => each.kind === kind && each.metadata.name === name);
  return (role?.rules ?? [])
    .flatMap(({ apiGroups = [], resources = [], verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.map((verb) => rightInWords({ group, resource, verb })),
        ),
      ),
    )
    .toSorted((a, b) => a.localeCompare(b));
}

function wanted(...rules: readonly RightsRule[]): string[] {
  return rules
    .flatMap(({ verbs, ...rule }) => verbs.map((verb) => rightInWords({ ...rule, verb })))
    .toSorted((a, b) => a.localeCompare(b));
}

const clusterWide = ({ resource }: RightsRule): boolean => resource === "persistentvolumes";

describe("deploy/kubernetes", () => {
  it("gives jobs in one namespace what they need, and nothing else", () => {
    expect(given("Role", "juliarun")).toEqual(wanted(...JOB_RIGHTS, ...OPTIONAL_RIGHTS));
  });

  it("gives the sight of the cluster", () => {
    expect(given("ClusterRole", "juliarun-cluster")).toEqual(wanted(...CLUSTER_RIGHTS));
  });

  it("gives an administrator what `jrun storage apply` needs", () => {
    expect(given("ClusterRole", "juliarun-storage")).toEqual(
      wanted(...STORAGE_RIGHTS.filter((rule) => clusterWide(rule))),
    );
    expect(given("Role", "juliarun-storage")).toEqual(
      wanted(...STORAGE_RIGHTS.filter((rule) => !clusterWide(rule))),
    );
  });
});

it("names rights in the words of access control", () => {
  const right = { group: "metrics.k8s.io", resource: "pods", verb: "list" };
  expect(rightInWords(right)).toBe("list pods.metrics.k8s.io");
  expect(rightInWords({ ...right, group: "", resource: "pods/log", verb: "get" })).toBe(
    "get pods/log",
  );
});
