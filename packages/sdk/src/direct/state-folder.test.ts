import { expect, it } from "vitest";
import { stateFolder } from "./state-folder.ts";

it.each([
  [{ JRUN_STATE_DIR: "/state", XDG_STATE_HOME: "/xdg", HOME: "/home/me" }, "/state"],
  [{ JRUN_STATE_DIR: "state", HOME: "/home/me" }, "/work/state"],
  [{ XDG_STATE_HOME: "/xdg", HOME: "/home/me" }, "/xdg/juliarun"],
  [{ XDG_STATE_HOME: "relative", HOME: "/home/me" }, "/home/me/.local/state/juliarun"],
  [{ JRUN_STATE_DIR: "", HOME: "/home/me" }, "/home/me/.local/state/juliarun"],
])("with %j the state folder is %s", (env, folder) => {
  expect(stateFolder(env, "/work")).toBe(folder);
});
