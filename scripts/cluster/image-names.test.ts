import { expect, test } from "vitest";
import { imageNames } from "./image-names.ts";

test("every official name stands behind the image that replaces it", () => {
  const list =
    "registry.k8s.io/kube-apiserver:v1.34.4\nregistry.k8s.io/coredns/coredns:v1.12.1\nregistry.k8s.io/pause:3.10.1\n";
  expect(imageNames(list)).toBe(
    [
      "docker.io/jrun/kube-component:latest registry.k8s.io/kube-apiserver:v1.34.4",
      "docker.io/jrun/kube-coredns:latest registry.k8s.io/coredns/coredns:v1.12.1",
      "docker.io/jrun/kube-pause:latest registry.k8s.io/pause:3.10.1",
      "docker.io/jrun/kube-metrics-server:latest registry.k8s.io/metrics-server/metrics-server:v0.9.0",
      "",
    ].join("\n"),
  );
});
