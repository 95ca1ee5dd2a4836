import { expect, it } from "vitest";
import { configJsonSchema } from "./config-json-schema.ts";

// `npx vitest run -u --project unit packages/core/src/config` writes the file anew.
it("is what config.schema.json says", async () => {
  const text = `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../../../config.schema.json");
});
