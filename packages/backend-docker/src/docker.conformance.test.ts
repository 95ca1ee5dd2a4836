import { fileURLToPath } from "node:url";
import { describeBackendConformance } from "@juliarun/core/testing";
import { dockerHarness } from "./fixtures/docker-harness.ts";

const resultsFile = fileURLToPath(
  new URL("../../../docs/conformance/docker.json", import.meta.url),
);

describeBackendConformance("docker", dockerHarness(), { resultsFile });
