import { fileURLToPath } from "node:url";
import { describeBackendConformance } from "../testing/describe-backend-conformance.ts";
import { memoryHarness } from "../testing/memory-harness.ts";

const resultsFile = fileURLToPath(
  new URL("../../../../test-results/conformance/memory.json", import.meta.url),
);

describeBackendConformance("memory", memoryHarness(), { resultsFile });
