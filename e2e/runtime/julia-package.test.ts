import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, inject, test } from "vitest";
import { LABEL } from "./docker-cli.ts";

const docker = inject("docker");
const packages = fileURLToPath(new URL("../../julia", import.meta.url));

describe.skipIf(!docker.available)("the Julia package", () => {
  test("passes its own tests", { timeout: 400_000 }, async () => {
    const { stdout } = await execa`docker run --rm
      --label ${LABEL} --network none --cap-drop ALL --user 4242:4242 --env HOME=/tmp
      --volume ${packages}:/julia:ro ${docker.images.julia}
      julia /julia/JuliaRun/test/runtests.jl`;
    expect(stdout).toContain("Test Summary:");
  });
});
