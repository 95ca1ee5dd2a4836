import { expect, it } from "vitest";
import { runAgent, type AgentParts, type AgentSite } from "./run-agent.ts";

/** Notes the order in which an agent uses its parts. */
class Recorder {
  readonly calls: string[] = [];
  readonly abort = new AbortController();
  acquired = true;
  /** What it finds when it looks again. */
  readonly idle: boolean[] = [];
  act: (signal: AbortSignal) => Promise<void> = async () => undefined;

  get parts(): AgentParts<AgentSite> {
    const note = (call: string): void => void this.calls.push(call);
    return {
      signal: this.abort.signal,
      onActing: () => note("acting"),
      open: async () => {
        note("open");
        return {
          agentLease: { acquire: async () => (note("acquire"), this.acquired) },
          backend: {
            actUntilIdle: async (signal) => (note("act"), this.act(signal)),
            isIdle: async () => (note("look"), this.idle.shift() ?? true),
            close: async () => note("close"),
          },
        };
      },
    };
  }
}

const TURN = ["open", "acquire", "acting", "act", "close"];
const LOOK = ["open", "look", "close"];

it("looks for work once more after it has given up its lease", async () => {
  const recorder = new Recorder();
  expect(await runAgent(recorder.parts)).toBe("idle");
  expect(recorder.calls).toEqual([...TURN, ...LOOK]);
});

it("becomes the agent again for a job that came in the last moment", async () => {
  const recorder = new Recorder();
  recorder.idle.push(false);
  expect(await runAgent(recorder.parts)).toBe("idle");
  expect(recorder.calls).toEqual([
    ...TURN,
    "open",
    "look",
    "acquire",
    "acting",
    "act",
    "close",
    ...LOOK,
  ]);
});

it("does nothing where another agent acts", async () => {
  const recorder = new Recorder();
  recorder.acquired = false;
  expect(await runAgent(recorder.parts)).toBe("taken");
  expect(recorder.calls).toEqual(["open", "acquire", "close"]);
});

it("closes when it is told to stop", async () => {
  const recorder = new Recorder();
  recorder.act = async () => recorder.abort.abort();
  expect(await runAgent(recorder.parts)).toBe("stopped");
  expect(recorder.calls).toEqual(TURN);
});

it("closes when acting fails", async () => {
  const recorder = new Recorder();
  recorder.act = async () => {
    throw new Error("no engine");
  };
  await expect(runAgent(recorder.parts)).rejects.toThrow("no engine");
  expect(recorder.calls).toEqual(TURN);
});
