import type { JobRecord, UnitGroup } from "@juliarun/core";
import type { ManifestSetting } from "./manifest-setting.ts";

/** What a group's controller is made from. */
export interface ControllerRequest {
  readonly record: JobRecord;
  /** A group of the record's plan. */
  readonly group: UnitGroup;
  /** Units wanted now. */
  readonly replicas: number;
  readonly setting: ManifestSetting;
}
