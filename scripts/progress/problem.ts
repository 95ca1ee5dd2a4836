/** A failure with words for the user; anything else that is thrown is a bug and keeps its stack. */
export class Problem extends Error {
  override readonly name = "Problem";
}
