import type { Config } from "./config-schema.ts";

/** A configuration as JSON, with all defaults. Secrets show as `(secret)`; the files and variables that hold them are named. */
export function printConfig(config: Config): string {
  // SecretText says "(secret)" of itself; addresses of engines may hold a password too.
  const text = JSON.stringify(config, undefined, 2);
  return text.replaceAll(/(:\/\/[^/@\s":]*):[^/@\s"]*@/g, "$1:(secret)@");
}
