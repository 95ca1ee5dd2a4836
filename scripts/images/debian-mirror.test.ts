import { describe, expect, test } from "vitest";
import { mirrorOfLines, mirrorOfStanzas } from "./debian-mirror.ts";

describe("mirrorOfStanzas", () => {
  test("takes the archive, not security updates, sources or disabled entries", () => {
    const text = `Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security

Enabled: no
Types: deb
URIs: http://off.example/debian

Types: deb-src
URIs: http://source.example/debian

# a comment
Types: deb deb-src
URIs: https://mirror.example/debian/
Suites: bookworm bookworm-updates
`;
    expect(mirrorOfStanzas(text)).toBe("https://mirror.example/debian");
  });

  test("finds nothing in an empty file", () => {
    expect(mirrorOfStanzas("")).toBeUndefined();
  });
});

describe("mirrorOfLines", () => {
  test("skips comments, options and other vendors", () => {
    const text = `# deb http://no.example/debian bookworm main
deb [arch=amd64] https://packages.example/tool stable main
deb-src http://source.example/debian bookworm main
deb [signed-by=/usr/share/keyrings/x.gpg] http://mirror.example/debian bookworm main
`;
    expect(mirrorOfLines(text)).toBe("http://mirror.example/debian");
  });
});
