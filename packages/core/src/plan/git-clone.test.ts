import { describe, expect, it } from "vitest";
import { gitClone, type GitSource } from "./git-clone.ts";

const PLACE = { target: "/clone", tokenFile: "/token" };
const REPOSITORY = "https://example.org/team/code.git";

function clone(changes: Partial<GitSource> = {}): ReturnType<typeof gitClone> {
  return gitClone("code", { kind: "gitrepo", repository: REPOSITORY, ...changes }, PLACE);
}

describe("gitClone", () => {
  it("tells address, ref and depth by variables only", () => {
    const { script, env } = clone({ ref: '"; reboot', depth: 3 });
    expect(env).toEqual({
      GIT_URL: REPOSITORY,
      GIT_REF: '"; reboot',
      GIT_DEPTH: "3",
      GIT_TARGET: "/clone",
      GIT_TERMINAL_PROMPT: "0",
      GIT_ALLOW_PROTOCOL: "http:https:ssh:git",
    });
    expect(script).toBe(clone().script);
    expect(clone().env).toMatchObject({ GIT_REF: "", GIT_DEPTH: "" });
  });

  it("gives a token to the repository's host only, by a file", () => {
    const { env } = clone({ credential: { file: "/home/me/token" }, username: "robot" });
    expect(env).toMatchObject({
      GIT_USERNAME: "robot",
      GIT_TOKEN_FILE: "/token",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "credential.https://example.org.helper",
    });
    expect(JSON.stringify(env)).not.toContain("/home/me");
    expect(clone({ credential: "secret" }).env["GIT_USERNAME"]).toBe("git");
  });

  it.each(["git@example.org:code.git", "http://example.org/code.git", "git://example.org/code"])(
    "refuses a token for %s",
    (repository) => {
      expect(() => clone({ credential: "git-token", repository })).toThrow(
        expect.objectContaining({
          code: "CAPABILITY_UNSUPPORTED",
          message: expect.stringMatching(/^Volume code /),
        }),
      );
    },
  );
});
