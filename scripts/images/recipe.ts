import { createHash } from "node:crypto";

/** How an image is made of Debian packages, where no registry can be asked for it. */
export interface Recipe {
  /** The tag the image gets here. */
  readonly tag: string;
  /** The public image that does the same, for hosts that cannot build. Where there is none, tests that need it are left out there. */
  readonly official?: string;
  readonly suite: "bookworm" | "bullseye";
  /** mmdebstrap's variant: `minbase` is a small Debian, `extract` holds the packages' files only. */
  readonly variant: "minbase" | "extract";
  readonly packages: readonly string[];
  /** Commands that run on this host before the image is packed, with the root folder as `$1`. */
  readonly hooks: readonly string[];
  /** Dockerfile instructions: CMD, ENV, EXPOSE, … */
  readonly changes: readonly string[];
}

/** The label that keeps an image's recipe hash: a changed recipe is seen, an unchanged one is not built again. */
export const recipeLabel = "juliarun.recipe";

/** Content hash of a recipe. */
export function recipeHash(recipe: Recipe): string {
  return createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 16);
}
