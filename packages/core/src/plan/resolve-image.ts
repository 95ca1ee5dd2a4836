import type { SpecIssues } from "../errors/spec-issues.ts";
import type { ImageSource, PlanContext } from "../job-types/job-type.ts";
import { nearestName } from "../schema/nearest-name.ts";

/** The configured image of an abstract name. Notes an unknown one, with the known ones; its result is then of no use. */
export function resolveImage(name: string, context: PlanContext, issues: SpecIssues): ImageSource {
  const image = Object.hasOwn(context.images, name) ? context.images[name] : undefined;
  if (image) return image;
  const names = Object.keys(context.images);
  const known = names.length === 0 ? "none" : names.join(", ");
  issues.add(
    "image",
    `names the unknown image ${name}; configured are: ${known}`,
    nearestName(name, names),
  );
  return { image: name, executable: "julia" };
}
