import { toConfig, type ConfigInput } from "@juliarun/core";
import { expect, it } from "vitest";
import { toIdentity } from "./identity.ts";

type Auth = NonNullable<NonNullable<ConfigInput["compute"]>["auth"]>;

const identify = async (
  auth: Auth,
  uri = "https://user@one:6443/",
): ReturnType<typeof toIdentity> =>
  toIdentity({
    config: {
      ...toConfig({ compute: { auth } }),
      compute: { ...toConfig({ compute: { auth } }).compute, uri },
    },
    baseDir: "/",
    env: {},
    secrets: { readFile: async () => "", env: () => "from-variable" },
  });

it("tells servers and users apart, and shows no credentials", async () => {
  const token = { type: "token", token: Buffer.from("top-secret").toString("base64") } as const;
  const one = await identify(token);
  expect(one.address).toBe("https://one:6443");
  expect(await identify(token)).toEqual(one);
  expect((await identify({ type: "token", token: { env: "TOKEN" } })).user).not.toBe(one.user);
  expect((await identify(token, "https://two:6443")).address).toBe("https://two:6443");
  expect(JSON.stringify(one)).not.toContain("top-secret");
});
