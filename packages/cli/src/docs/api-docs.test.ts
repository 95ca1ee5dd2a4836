import { readFile } from "node:fs/promises";
import * as sdk from "@juliarun/sdk";
import type { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../command-line/program.ts";
import { Runner } from "../command-line/runner.ts";
import { addJobTypes } from "../job-input/add-job-types.ts";
import { CapturedIo } from "../testing/captured-io.ts";

const text = await readFile(new URL("../../../../docs/api.md", import.meta.url), "utf8");

/** Cells of all tables. */
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const code = (cell = ""): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? []);

/** What stands in code style in our columns of rows marked `here`. */
const ours = rows
  .filter((row) => row.at(-1) === "here")
  .flatMap((row) => row.slice(1, -1).flatMap((cell) => code(cell)));

const methods = Object.getOwnPropertyNames(sdk.Context.prototype).filter((name) => {
  const { value } = Object.getOwnPropertyDescriptor(sdk.Context.prototype, name) ?? {};
  return typeof value === "function" && name !== "constructor" && name !== "close";
});

describe("docs/api.md", () => {
  const runner = new Runner(new CapturedIo());
  const program = buildProgram(runner);
  beforeAll(async () => addJobTypes(program, runner, undefined));

  it("names the calls that Context has, all of them and no others", () => {
    const calls = new Set(text.match(/\bctx\.\w+/g)?.map((call) => call.slice("ctx.".length)));
    expect([...calls].toSorted((a, b) => a.localeCompare(b))).toEqual(
      methods.toSorted((a, b) => a.localeCompare(b)),
    );
  });

  it.each(ours.flatMap((name) => /^([a-z]\w*)\(/.exec(name)?.[1] ?? []))(
    "names %s(), which the SDK exports",
    (name) => {
      expect(sdk).toHaveProperty(name);
    },
  );

  it.each(ours.filter((name) => name.startsWith("jrun ")))(
    "names `%s`, which the command line knows",
    (line) => {
      expect(unknownWord(program, line.split(" ").slice(1))).toBeUndefined();
    },
  );

  it.each([
    "JuliaBatch",
    "JuliaParBatch",
    "JuliaParBatchWorkers",
    "PkgBuilder",
    "Webserver",
    "MessageQ",
  ])("names the manual's parameters of %s", (name) => {
    const header = rows.findIndex((row) => row[0] === "manual" && row.includes(name));
    const column = rows[header]?.indexOf(name) ?? 0;
    const end = rows.findIndex((row, index) => index > header && row[0] === "manual");
    const documented = rows.slice(header + 2, end).filter((row) => row[column] !== "");
    const type = new sdk.JobTypeRegistry().get(name);
    const manual = sdk.describeParameters(type).filter((parameter) => parameter.manual);
    expect(new Map(documented.map((row) => [code(row[0])[0], code(row[column])[0]]))).toEqual(
      new Map(manual.map((parameter) => [parameter.manualName, parameter.name])),
    );
  });
});

/** The first word of a command line that is neither a command nor an option there. */
function unknownWord(command: Command, words: readonly string[]): string | undefined {
  const [word, ...rest] = words;
  if (word === undefined) return undefined;
  if (word.startsWith("-")) {
    const known = command.options.some((option) => option.long === word || option.short === word);
    return known || word === "json"
      ? unknownWord(
          command,
          rest.filter((each) => each !== "json"),
        )
      : word;
  }
  const next = command.commands.find((each) => each.name() === word);
  return next ? unknownWord(next, rest) : word;
}
