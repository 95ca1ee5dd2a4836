/** One thing that `jrun doctor` looked at. */
export interface Finding {
  readonly subject: string;
  readonly level: "ok" | "warn" | "fail";
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** A finding that needs nothing done. */
export const ok = (subject: string, message: string): Finding => ({
  subject,
  level: "ok",
  message,
});

/** Works, but not as it should. */
export const warn = (subject: string, message: string, hint: string): Finding => ({
  subject,
  level: "warn",
  message,
  hint,
});

/** Must be corrected before jobs can run. */
export const fail = (subject: string, message: string, hint: string): Finding => ({
  subject,
  level: "fail",
  message,
  hint,
});
