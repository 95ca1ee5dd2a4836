import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeExpansion, unescapeExpansion } from "./escape-expansion.ts";

/** What Kubernetes makes of a text: `$$` is a dollar sign, `$(NAME)` a variable, anything else itself. */
function expand(text: string): string {
  return text.replaceAll(/\$(\$|\(([^)]*)\))/g, (_, sign: string) =>
    sign === "$" ? "$" : "value",
  );
}

describe("escapeExpansion", () => {
  it("keeps every text as it is", () => {
    const text = fc.string({ unit: fc.constantFrom("$", "(", ")", "A", " ", "é") });
    fc.assert(
      fc.property(text, (given) => {
        expect(expand(escapeExpansion(given))).toBe(given);
        expect(unescapeExpansion(escapeExpansion(given))).toBe(given);
      }),
    );
  });

  it("doubles dollar signs", () => {
    expect(escapeExpansion("$(HOME) $$ $&")).toBe("$$(HOME) $$$$ $$&");
  });
});
