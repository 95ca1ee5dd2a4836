import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readGitToken } from "./git-token.ts";

it("reads a token from a file or a variable, and has none without a credential", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jrun-token-"));
  onTestFinished(async () => rm(folder, { recursive: true }));
  const file = join(folder, "token");
  await writeFile(file, "from the file\n");
  const env = { TOKEN: "from the variable" };
  expect(await readGitToken("code", { credential: { file } }, env)).toBe("from the file");
  expect(await readGitToken("code", { credential: { env: "TOKEN" } }, env)).toBe(env.TOKEN);
  expect(await readGitToken("code", {}, env)).toBeUndefined();
});

it.each([
  [{ file: "/nowhere/token" }, "CONFIG_INVALID", "/nowhere/token"],
  [{ env: "TOKEN" }, "CONFIG_INVALID", "TOKEN"],
  ["forge-token", "CAPABILITY_UNSUPPORTED", "Volume code names the secret forge-token"],
] as const)("refuses %j, naming it", async (credential, code, words) => {
  await expect(readGitToken("code", { credential }, {})).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words),
  });
});
