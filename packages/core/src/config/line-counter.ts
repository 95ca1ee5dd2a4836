/** A place in a text, both counted from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Translates offsets of a text to lines and columns. */
export function lineCounter(text: string): (offset: number) => TextPlace {
  return (offset) => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
}
