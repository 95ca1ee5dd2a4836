import type { SpecIssues } from "../errors/spec-issues.ts";
import type { ImageSource, PlanContext } from "../job-types/job-type.ts";
import { nearestName } from "../schema/nearest-name.ts";
import { isReference, looksLikeReference } from "./image-reference.ts";

/** What runs scripts in an image that the configuration does not describe. */
const DEFAULT_EXECUTABLE = "julia";

/**
 * The image that a job names: by an abstract name of the configuration's `images` (manual: Images), else, where it has a `/`,
 * a `:` or an `@`, directly by a reference, in which `julia` then runs scripts. Notes an unknown name, with the known ones; its
 * result is then of no use.
 */
export function resolveImage(name: string, context: PlanContext, issues: SpecIssues): ImageSource {
  const image = Object.hasOwn(context.images, name) ? context.images[name] : undefined;
  if (image) return image;
  const direct = { image: name, executable: DEFAULT_EXECUTABLE };
  if (looksLikeReference(name)) {
    if (!isReference(name)) {
      issues.add(
        "image",
        `is ${JSON.stringify(name)}, which is no image reference: those are like registry.example:5000/team/julia:1.10, with a repository in lower case`,
      );
    }
    return direct;
  }
  const names = Object.keys(context.images);
  const known = names.length === 0 ? "none" : names.join(", ");
  issues.add(
    "image",
    `names the unknown image ${name}; configured are: ${known}`,
    nearestName(name, names),
  );
  return direct;
}
