import { expect, it } from "vitest";
import { toCopyJob, toCopySecret, type MountableAccess } from "./copy-job.ts";

const access: MountableAccess = {
  volume: "data",
  source: { kind: "hostpath", path: "/srv/data", readOnly: false },
  writable: true,
  command: ["sh", "-c", "sleep $(TIME)"],
  images: [],
};

it("opens a volume in a pod that ends, and is removed, by itself", () => {
  const job = toCopyJob("team", "copy-1", access, { image: "julia:1", user: "1000:100" });
  expect(job.metadata?.labels?.["app.kubernetes.io/component"]).toBe("copy");
  expect(job.spec).toMatchObject({ backoffLimit: 0, ttlSecondsAfterFinished: 30 });
  expect(job.spec?.activeDeadlineSeconds).toBeGreaterThan(0);
  const pod = job.spec?.template.spec;
  expect(pod).toMatchObject({
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    securityContext: { runAsUser: 1000, runAsGroup: 100, runAsNonRoot: true },
    volumes: [{ name: "volume", hostPath: { path: "/srv/data", type: "Directory" } }],
  });
  expect(pod?.containers).toMatchObject([
    {
      image: "julia:1",
      command: ["sh"],
      args: ["-c", "sleep $$(TIME)"],
      volumeMounts: [{ mountPath: "/mnt/data", readOnly: false }],
    },
  ]);
});

it("mounts a volume read-only that is only read, and a claim where there is one", () => {
  const source = { kind: "nfs", server: "10.0.0.1", path: "/", readOnly: false } as const;
  const job = toCopyJob("team", "copy-1", { ...access, source, writable: false }, { image: "x" });
  const pod = job.spec?.template.spec;
  expect(pod?.volumes).toEqual([
    { name: "volume", persistentVolumeClaim: { claimName: "juliarun-data" } },
  ]);
  expect(pod?.containers[0]?.volumeMounts?.[0]?.readOnly).toBe(true);
});

it("pulls its image with the Secret that there is, or waits for one of its own that goes with it", () => {
  const image = { image: "registry.test/tools" };
  const there = toCopyJob("team", "copy-1", access, image, { secret: "pull" });
  expect(there.spec?.suspend).toBeUndefined();
  expect(there.spec?.template.spec?.imagePullSecrets).toEqual([{ name: "pull" }]);
  const own = toCopyJob("team", "copy-1", access, image, { secret: "copy-1", later: true });
  expect(own.spec?.suspend).toBe(true);
  const made = { name: "copy-1", namespace: "team", uid: "1-2-3" };
  const secret = toCopySecret(made, "registry.test", { username: "ci", password: "horse" });
  expect(secret.metadata).toMatchObject({
    name: "copy-1",
    namespace: "team",
    ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "copy-1", uid: "1-2-3" }],
  });
  const text = Buffer.from(secret.data?.[".dockerconfigjson"] ?? "", "base64").toString();
  expect(JSON.parse(text)).toMatchObject({
    auths: { "registry.test": { username: "ci", password: "horse" } },
  });
});
