import type { Command } from "commander";
import type { CliIo } from "../cli-io.ts";
import { Session } from "../session.ts";
import { readGlobalOptions } from "./global-options.ts";

/** What a command does; returns its exit code, 0 where it returns nothing. */
export type Action = (session: Session, command: Command) => Promise<number | void>;

/** Runs the action of whichever command was parsed, in a session of its own. */
export class Runner {
  readonly io: CliIo;
  /** Exit code of the action that ran. */
  exitCode = 0;

  constructor(io: CliIo) {
    this.io = io;
  }

  /** An action as commander wants it. */
  readonly run = (action: Action) => {
    const { io } = this;
    const finish = (exitCode: number | void): void => {
      this.exitCode = exitCode ?? 0;
    };
    return async function (this: Command): Promise<void> {
      const session = new Session(io, readGlobalOptions(this));
      try {
        finish(await action(session, this));
      } finally {
        await session.close();
      }
    };
  };
}
