import { configDefaults, defineConfig } from "vitest/config";

// Tests import the packages' TypeScript, so nothing has to be built first.
const conditions = ["source", "module", "node", "development|production"];
const resolution = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const exclude = [...configDefaults.exclude, "**/dist/**"];

const unit = ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts"];
// Find the Docker Engine with its test images, and the Kubernetes cluster, once for all test files.
const globalSetup = ["e2e/setup/docker.ts", "e2e/setup/kubernetes.ts"];
const conformance = "packages/*/src/**/*.conformance.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        ...resolution,
        test: { name: "unit", include: unit, exclude: [...exclude, conformance] },
      },
      {
        ...resolution,
        test: {
          name: "conformance",
          include: [conformance],
          exclude,
          globalSetup,
          testTimeout: 60_000,
        },
      },
      {
        ...resolution,
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          exclude,
          globalSetup,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
