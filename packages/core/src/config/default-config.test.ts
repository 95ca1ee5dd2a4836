import { expect, it } from "vitest";
import { defaultConfig } from "./default-config.ts";
import { planContext } from "./plan-context.ts";

it("is Docker with a folder in the current directory", () => {
  const config = defaultConfig();
  expect(config.clustertype).toBe("Docker");
  expect(planContext(config, { baseDir: "/home/me" })).toEqual({
    namespace: "default",
    images: { julia: { image: "julia:1", executable: "julia" } },
    volumes: { juliarun: { kind: "hostpath", path: "/home/me/juliarun", readOnly: false } },
    packages: [],
  });
});
