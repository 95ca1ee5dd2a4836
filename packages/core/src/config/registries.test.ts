import { describe, expect, it } from "vitest";
import { toConfig } from "./check-config.ts";
import { printConfig } from "./print-config.ts";
import { Registries } from "./registries.ts";

const HOST = "registry.example:5000";

function registries(input: unknown, files: Readonly<Record<string, string>> = {}): Registries {
  const config = toConfig({ registries: input });
  return new Registries(config.registries, {
    readFile: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("ENOENT");
      return text;
    },
    env: (name) => ({ HUB: "hub-password" })[name],
  });
}

describe("Registries", () => {
  const known = registries(
    {
      [HOST]: { username: "ci", password: { file: "password" } },
      "docker.io": { username: "me", password: { env: "HUB" }, secret: "hub" },
      "ghcr.io": { secret: "ghcr" },
    },
    { password: "from-file\n" },
  );

  it.each([
    [`${HOST}/team/julia:1.10`, { username: "ci", password: "from-file" }],
    ["julia:1.10", { username: "me", password: "hub-password" }],
    ["ghcr.io/team/julia", undefined],
    ["other.example/julia", undefined],
    ["registry.example/julia", undefined],
  ])("finds the credentials for %s", async (image, login) => {
    expect(await known.login(image)).toEqual(login);
  });

  it("finds Secrets by their names", () => {
    expect(known.of("ghcr.io/team/julia")).toEqual({ registry: "ghcr.io", secret: "ghcr" });
    expect(known.of("constructor/julia")?.secret).toBe("hub");
    expect(known.of("other.example/julia")).toBeUndefined();
  });

  it("names the key of a password that cannot be read", async () => {
    const lacking = registries({ [HOST]: { username: "ci", password: { file: "nowhere" } } });
    await expect(lacking.login(`${HOST}/julia`)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: `registries.${HOST}.password names the file nowhere, which cannot be read.`,
    });
  });

  it.each([
    [{ "https://registry.example": { secret: "x" } }, /host or host:port/],
    [{ "registry.example/team": { secret: "x" } }, /host or host:port/],
    [{ [HOST]: {} }, /needs username and password, or secret/],
    [{ [HOST]: { username: "ci" } }, /password is required with username/],
    [{ [HOST]: { password: { env: "X" } } }, /username is required with password/],
    [{ [HOST]: { username: "ci", password: "plain-text" } }, /password must be \{ "file"/],
    [{ [HOST]: { username: "c:i", password: { env: "X" } } }, /username must not contain a colon/],
    [{ [HOST]: { usrname: "ci" } }, /did you mean username/],
  ])("refuses %j", (input, message) => {
    const refused = (): unknown => registries(input);
    expect(refused).toThrow(message);
    expect(refused).not.toThrow(/plain-text/);
  });

  it("is printed with the place of a password", () => {
    const input = { [HOST]: { username: "ci", password: { file: "password" } } };
    const text = printConfig(toConfig({ registries: input }));
    expect(JSON.parse(text)).toMatchObject({ registries: input });
  });
});
