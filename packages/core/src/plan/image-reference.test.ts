import { describe, expect, it } from "vitest";
import { registryOf, splitReference } from "./image-reference.ts";

describe("image references", () => {
  it.each([
    ["julia", "julia", "latest", "docker.io"],
    ["julia:1.10", "julia", "1.10", "docker.io"],
    ["me/julia:1", "me/julia", "1", "docker.io"],
    ["docker.io/library/julia", "docker.io/library/julia", "latest", "docker.io"],
    ["index.docker.io/me/julia:1", "index.docker.io/me/julia", "1", "docker.io"],
    ["localhost/julia", "localhost/julia", "latest", "localhost"],
    ["localhost:5000/julia", "localhost:5000/julia", "latest", "localhost:5000"],
    ["reg.io/a/b:c", "reg.io/a/b", "c", "reg.io"],
    ["reg.io/a:t@sha256:abc", "reg.io/a", "sha256:abc", "reg.io"],
  ])("splits %s", (image, repository, tag, registry) => {
    expect(splitReference(image)).toEqual({ repository, tag });
    expect(registryOf(repository)).toBe(registry);
    expect(registryOf(image)).toBe(registry);
  });
});
