import { ManagerError, parseCopyPlace, type CopyPlace } from "@juliarun/core";

/** A place on a volume. */
export type VolumePlace = Extract<CopyPlace, { kind: "volume" }>;

/** @throws ManagerError SPEC_INVALID for what names no volume. */
export function toVolumePlace(text: string): VolumePlace {
  const place = parseCopyPlace(text);
  if (place.kind === "volume") return place;
  throw new ManagerError("SPEC_INVALID", `${JSON.stringify(text)} names no volume.`, {
    hint: "Write volume:path, such as juliarun:/data.",
  });
}
