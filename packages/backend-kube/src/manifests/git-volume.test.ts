import type { VolumeSource } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { repositoryOf, toGitVolume } from "./git-volume.ts";

type GitSource = Extract<VolumeSource, { kind: "gitrepo" }>;

const RESOURCES = { limits: { cpu: "1" } };
const REPOSITORY = "https://example.org/$(team)/code.git";

function clone(changes: Partial<GitSource> = {}): ReturnType<typeof toGitVolume> {
  const source = { kind: "gitrepo", repository: REPOSITORY, ...changes } as const;
  const setting = { image: "git", user: { uid: 1000 }, resources: RESOURCES };
  return toGitVolume("volume-0", "code", source, setting);
}

function variables({ initContainers }: ReturnType<typeof toGitVolume>): Record<string, unknown> {
  return Object.fromEntries((initContainers[0]?.env ?? []).map(({ name, value }) => [name, value]));
}

describe("toGitVolume", () => {
  it("clones into an empty folder, with the rights of a unit", () => {
    const { volumes, initContainers } = clone();
    expect(volumes).toEqual([{ name: "volume-0", emptyDir: {} }]);
    expect(initContainers).toMatchObject([
      {
        name: "git-volume-0",
        image: "git",
        resources: RESOURCES,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: [{ name: "volume-0", mountPath: "/juliarun/git" }],
      },
    ]);
  });

  it("tells address, ref and depth by variables, which Kubernetes does not expand", () => {
    const made = clone({ ref: '"; reboot', depth: 3 });
    expect(variables(made)).toEqual({
      GIT_URL: "https://example.org/$$(team)/code.git",
      GIT_REF: '"; reboot',
      GIT_DEPTH: "3",
      GIT_TARGET: "/juliarun/git/content",
      GIT_TERMINAL_PROMPT: "0",
      GIT_ALLOW_PROTOCOL: "http:https:ssh:git",
    });
    expect(made.initContainers[0]?.command?.join(" ")).not.toContain("reboot");
    expect(variables(clone())).toMatchObject({ GIT_REF: "", GIT_DEPTH: "" });
  });

  it("is known by its repository", () => {
    const [container] = clone().initContainers;
    expect(container && repositoryOf(container)).toBe(REPOSITORY);
    expect(repositoryOf({ name: "other" })).toBeUndefined();
  });

  it("reads a token from a Secret's file, for the repository's host only", () => {
    const made = clone({ credential: "git-token" });
    expect(made.volumes[1]).toEqual({
      name: "volume-0-token",
      secret: {
        secretName: "git-token",
        items: [{ key: "token", path: "token" }],
        defaultMode: 0o440,
      },
    });
    expect(made.initContainers[0]?.volumeMounts?.[1]).toEqual({
      name: "volume-0-token",
      mountPath: "/juliarun/token",
      readOnly: true,
    });
    expect(variables(made)).toMatchObject({
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "credential.https://example.org.helper",
    });
  });

  it.each<Partial<GitSource>>([
    { credential: { file: "/home/me/token" } },
    { credential: { env: "TOKEN" } },
    { credential: "git-token", repository: "git@example.org:code.git" },
    { credential: "git-token", repository: "http://example.org/code.git" },
  ])("refuses %j, naming the volume", (source) => {
    expect(() => clone(source)).toThrow(
      expect.objectContaining({
        code: "CAPABILITY_UNSUPPORTED",
        message: expect.stringMatching(/^Volume code /),
      }),
    );
  });
});
