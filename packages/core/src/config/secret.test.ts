import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { toConfig } from "./check-config.ts";
import { printConfig } from "./print-config.ts";
import { resolveSecret, SecretText, type SecretSource } from "./secret.ts";

const source: SecretSource = {
  readFile: (path) =>
    path === "token" ? Promise.resolve("from file\n") : Promise.reject(new Error("ENOENT")),
  env: (name) => (name === "TOKEN" ? "from env" : undefined),
};
const invalid = (message: string) =>
  expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining(message) });

describe("SecretText", () => {
  it("never prints", () => {
    const secret = new SecretText("hunter2");
    const printed = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(secret, { showHidden: true }),
    ];
    expect(printed.filter((text) => text.includes("hunter2"))).toEqual([]);
    expect(secret.reveal()).toBe("hunter2");
  });
});

describe("resolveSecret", () => {
  it("finds it where it is", async () => {
    await expect(resolveSecret(new SecretText("as is "), "k", source)).resolves.toBe("as is ");
    await expect(resolveSecret(new SecretText("c2Vj\ncmV0"), "k", source, "base64")).resolves.toBe(
      "secret",
    );
    await expect(resolveSecret({ file: "token" }, "k", source, "base64")).resolves.toBe(
      "from file",
    );
    await expect(resolveSecret({ env: "TOKEN" }, "k", source)).resolves.toBe("from env");
  });

  it("says what is missing, and not the secret", async () => {
    await expect(resolveSecret({ env: "NONE" }, "compute.auth.token", source)).rejects.toEqual(
      invalid("compute.auth.token names the environment variable NONE, which is not set"),
    );
    await expect(resolveSecret({ file: "none" }, "k", source)).rejects.toEqual(
      invalid("the file none, which cannot be read"),
    );
    const error: unknown = await resolveSecret(
      new SecretText("base64 encoded token!"),
      "k",
      source,
      "base64",
    ).catch((caught: unknown) => caught);
    expect(error).toEqual(invalid("k is not base64"));
    expect(inspect(error)).not.toContain("encoded token");
  });
});

it("prints no secret of a configuration, nor a password in an engine's address", () => {
  const config = toConfig({
    compute: {
      auth: { type: "token", token: "hunter2" },
      docker: { host: "tcp://me:hunter2@host:2376" },
    },
  });
  expect(printConfig(config)).not.toContain("hunter2");
  expect(inspect(config, { depth: 9 })).not.toMatch(/token: .*hunter2/);
  expect(printConfig(config)).toContain("tcp://me:(secret)@host:2376");
});

it("shows no secret in problems of a configuration", () => {
  const wrong = {
    compute: {
      auth: {
        token: { text: "hunter2" },
        "client-key-data": ["hunter2"],
        "certificate-authority-data": "",
      },
    },
  };
  expect(() => toConfig(wrong)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
  );
});
