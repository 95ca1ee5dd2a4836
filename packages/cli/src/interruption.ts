/** Why a command was ended from outside: the reason of the signal that ends everything. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  /** Exit code that shells expect: 128 + the signal's number; 0 when only the reader of the output left. */
  readonly exitCode: number;

  private constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }

  static bySignal(signal: "SIGINT" | "SIGTERM" | "SIGHUP"): Interruption {
    return new Interruption(signal, { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal]);
  }

  /** The reader of the standard output has gone, as `head` does. */
  static byClosedOutput(): Interruption {
    return new Interruption("closed output", 0);
  }

  /** The interruption that ended a signal, if one did. */
  static of(signal: AbortSignal): Interruption | undefined {
    return signal.reason instanceof Interruption ? signal.reason : undefined;
  }
}
