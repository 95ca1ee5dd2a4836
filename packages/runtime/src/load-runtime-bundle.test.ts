import { describe, expect, it } from "vitest";
import {
  DEFAULT_MASTER_SHELL,
  DEFAULT_WORKER_SCRIPT,
  DEFAULT_WORKER_SHELL,
  RUNTIME_DIR,
  RUNTIME_WRAPPER,
} from "@juliarun/core";
import { loadRuntimeBundle } from "./load-runtime-bundle.ts";

describe("loadRuntimeBundle", () => {
  it("holds every file that the contract with plans names", async () => {
    const { files } = await loadRuntimeBundle();
    const paths = files.map(({ path }) => `${RUNTIME_DIR}/${path}`);
    expect(paths).toEqual(
      expect.arrayContaining([
        RUNTIME_WRAPPER,
        DEFAULT_WORKER_SCRIPT,
        `${RUNTIME_DIR}/shell/${DEFAULT_MASTER_SHELL}`,
        `${RUNTIME_DIR}/shell/${DEFAULT_WORKER_SHELL}`,
        `${RUNTIME_DIR}/julia/JuliaRun/Project.toml`,
        `${RUNTIME_DIR}/julia/JuliaRun/src/JuliaRun.jl`,
      ]),
    );
    expect(paths.filter((path) => path.includes("/test/"))).toEqual([]);
  });

  it("is the same every time, in order, with a hash that volumes can be named by", async () => {
    const [first, second] = await Promise.all([loadRuntimeBundle(), loadRuntimeBundle()]);
    expect(second).toEqual(first);
    expect(first.hash).toMatch(/^[0-9a-f]{16}$/);
    const paths = first.files.map(({ path }) => path);
    expect(paths).toEqual(paths.toSorted());
  });

  it("makes scripts executable and nothing else", async () => {
    const { files } = await loadRuntimeBundle();
    const executable = files.filter(({ mode }) => mode === 0o755);
    expect(executable).toEqual(files.filter(({ path }) => path.endsWith(".sh")));
    expect(new Set(files.map(({ mode }) => mode))).toEqual(new Set([0o644, 0o755]));
  });

  it("contains text with Unix line ends only, or shells would stumble", async () => {
    const { files } = await loadRuntimeBundle();
    expect(files.filter(({ content }) => Buffer.from(content).includes("\r"))).toEqual([]);
  });
});
