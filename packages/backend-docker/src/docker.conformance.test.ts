import { fileURLToPath } from "node:url";
import { describeBackendConformance } from "@juliarun/core/testing/vitest";
import { dockerHarness } from "./fixtures/docker-harness.ts";

const resultsFile = fileURLToPath(
  new URL("../../../test-results/conformance/docker.json", import.meta.url),
);

describeBackendConformance("docker", dockerHarness(), { resultsFile });
