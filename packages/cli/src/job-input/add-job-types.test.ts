import { RESERVED_PARAMETERS } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../command-line/program.ts";
import { Runner } from "../command-line/runner.ts";
import { CapturedIo } from "../testing/captured-io.ts";
import { addJobTypes } from "./add-job-types.ts";

describe("options of the commands that take job types", () => {
  it.each(["submit", "plan"])("of %s are names that no parameter may have", async (name) => {
    const runner = new Runner(new CapturedIo());
    const program = buildProgram(runner);
    await addJobTypes(program, runner, undefined);
    const parent = program.commands.find((command) => command.name() === name);
    const [type] = parent?.commands ?? [];
    const options = [...(parent?.options ?? []), ...(type?.options ?? [])];
    const own = options.filter((option) => option.helpGroupHeading !== "Parameters:");
    expect(own.length).toBeGreaterThan(4);
    const allowed = own.filter((option) => !RESERVED_PARAMETERS.has(option.attributeName()));
    expect(allowed.map(({ flags }) => flags)).toEqual([]);
  });
});
