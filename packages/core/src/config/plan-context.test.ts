import { describe, expect, it } from "vitest";
import { toConfig } from "./check-config.ts";
import { planContext } from "./plan-context.ts";

describe("planContext", () => {
  it("resolves relative paths against the configuration's folder, and leaves absolute ones", () => {
    const config = toConfig({
      storage: {
        hostpath: [
          { name: "a", path: "../data" },
          { name: "b", path: "/abs" },
        ],
        gitrepo: [
          { name: "c", repository: "git@host:x.git", credential: { file: "key" } },
          { name: "d", repository: "https://host/x", credential: "in-cluster" },
        ],
      },
    });
    expect(planContext(config, { baseDir: "/etc/jrun" }).volumes).toEqual({
      a: { kind: "hostpath", path: "/etc/data", readOnly: false },
      b: { kind: "hostpath", path: "/abs", readOnly: false },
      c: { kind: "gitrepo", repository: "git@host:x.git", credential: { file: "/etc/jrun/key" } },
      d: { kind: "gitrepo", repository: "https://host/x", credential: "in-cluster" },
    });
  });

  it("takes the caller's namespace before the configuration's", () => {
    const config = toConfig({ compute: { namespace: "team" } });
    expect(planContext(config, { baseDir: "/" }).namespace).toBe("team");
    expect(planContext(config, { baseDir: "/", namespace: "other" }).namespace).toBe("other");
  });
});
