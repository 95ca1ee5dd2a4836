/** One thing that is wrong with something a user wrote. */
export interface InputIssue {
  /** Where: keys and indices from the root, as the user spelled them. */
  readonly path: readonly (string | number)[];
  /** What is wrong, to be read after the path: `must be …`, `is required`. */
  readonly message: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** An issue to be shown: its path may be a text already. */
export interface IssueText {
  readonly path: InputIssue["path"] | string;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** A path for people: `storage.nfs[0].server`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** One line for people: path, message, suggestion. */
export function formatIssue(issue: IssueText): string {
  const place = typeof issue.path === "string" ? issue.path : formatPath(issue.path);
  const sentence = place === "" ? issue.message : `${place} ${issue.message}`;
  return issue.suggestion === undefined
    ? sentence
    : `${sentence}; did you mean ${issue.suggestion}?`;
}
