import { readFile } from "node:fs/promises";
import { expect, vi } from "vitest";
import { parseAllDocuments } from "yaml";
import type { KubeWorkspace } from "./workspace.ts";

const PATIENCE = { timeout: 90_000, interval: 250 };

/** Gives the workspace's service account the role `juliarun-copy`, and waits until the API server knows. */
export async function allowCopies({ client, namespace }: KubeWorkspace): Promise<void> {
  const file = new URL("../../deploy/kubernetes/role.yaml", import.meta.url);
  const objects = parseAllDocuments(await readFile(file, "utf8")).map(
    (document) => document.toJS() as { kind: string; metadata: { name: string } },
  );
  const role = objects.find(({ metadata }) => metadata.name === "juliarun-copy");
  if (!role) throw new Error("role.yaml has no role juliarun-copy.");
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  await client.create(`${rbac}/roles`, role);
  const binding = {
    metadata: { name: "juliarun-copy" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "juliarun-copy" },
    subjects: [{ kind: "ServiceAccount", name: "juliarun", namespace }],
  };
  await client.create(`${rbac}/rolebindings`, binding);
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user: `system:serviceaccount:${namespace}:juliarun`,
      resourceAttributes: { namespace, verb: "get", resource: "pods", subresource: "exec" },
    },
  };
  await vi.waitFor(async () => {
    const { status } = await client.create<typeof review & { status?: { allowed: boolean } }>(
      client.path("subjectaccessreviews"),
      review,
    );
    expect(status?.allowed).toBe(true);
  }, PATIENCE);
}
