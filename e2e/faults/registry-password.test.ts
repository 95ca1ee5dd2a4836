import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { REGISTRY_LOGIN, Registry } from "../engine/registry.ts";
import { Workspace } from "../jrun/workspace.ts";
import { testEngine } from "../setup/test-engine.ts";

const EXIT_INVALID = 2;
const EXIT_NOT_FOUND = 3;
const { username, password } = REGISTRY_LOGIN;

describe.skipIf(!inject("docker").available)("a registry with a password", () => {
  let registry: Registry;
  let image: string;

  beforeAll(async () => {
    registry = await Registry.start(await testEngine(), { locked: true });
    image = await registry.publish("team/julia");
  });

  afterAll(async () => registry[Symbol.asyncDispose]());

  /** A workspace whose configuration has these credentials, if any. */
  async function workspaceWith(login?: Readonly<Record<string, unknown>>): Promise<Workspace> {
    const registries = login ? { [registry.address]: login } : {};
    const workspace = await Workspace.create({ config: { registries } });
    await writeFile(join(workspace.folder, "password"), `${password}\n`);
    await writeFile(join(workspace.folder, "wrong"), "battery staple\n");
    return workspace;
  }

  /** How a submit ended, and what it left. */
  async function refusal(workspace: Workspace) {
    const line = await workspace.submitLine("hello", "echo hello", "--image", image);
    const { exitCode, stderr } = await workspace.run(...line);
    return { exitCode, stderr, jobs: await workspace.jobs(), left: await workspace.containers() };
  }

  test("serves a job that names an image of it, whose user never sees the password again", async () => {
    await using workspace = await workspaceWith({ username, password: { file: "password" } });
    const line = await workspace.submitLine("hello", "echo hello", "--image", image);
    const { exitCode, stderr } = await workspace.run(...line);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain(`pulling ${image}`);
    await workspace.jrun("wait", "hello");
    expect(await workspace.jrun("logs", "hello")).toBe("hello\n");
    const seen = [
      stderr,
      await workspace.jrun("config", "show"),
      await workspace.jrun("status", "hello", "-o", "json"),
      JSON.stringify(await (await workspace.container("hello")).inspect()),
    ];
    expect(seen.join("\n")).not.toContain(password);
    await workspace.jrun("delete", "hello");
    await workspace.docker.getImage(image).remove({ force: true });
  });

  test("is asked before anything is made; a wrong password names registry and user", async () => {
    await using workspace = await workspaceWith({ username, password: { file: "wrong" } });
    const { stderr, ...rest } = await refusal(workspace);
    expect({ ...rest, stderr }).toMatchObject({ exitCode: EXIT_NOT_FOUND, jobs: [], left: [] });
    expect(stderr).toContain(
      `Image ${image} is not on the engine and cannot be pulled as user ${username} of registry ${registry.address}:`,
    );
    expect(stderr).not.toContain("battery staple");
  });

  test("without credentials says where they belong", async () => {
    await using workspace = await workspaceWith();
    const { stderr, ...rest } = await refusal(workspace);
    expect({ ...rest, stderr }).toMatchObject({ exitCode: EXIT_NOT_FOUND, jobs: [], left: [] });
    expect(stderr).toContain(
      `If ${registry.address} asks for a password, give it in \`registries\``,
    );
  });

  test("whose password is nowhere names the key", async () => {
    await using workspace = await workspaceWith({ username, password: { env: "NOT_SET" } });
    const { stderr, ...rest } = await refusal(workspace);
    expect({ ...rest, stderr }).toMatchObject({ exitCode: EXIT_INVALID, jobs: [], left: [] });
    expect(stderr).toContain(`registries.${registry.address}.password names the environment`);
  });
});
