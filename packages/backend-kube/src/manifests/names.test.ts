import { MAX_JOB_NAME_LENGTH, MAX_WORKERS } from "@juliarun/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  controllerName,
  externalServiceName,
  recordName,
  secretName,
  serviceName,
} from "./names.ts";

const LABEL_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const name = fc.stringMatching(LABEL_NAME).filter((text) => text.length <= MAX_JOB_NAME_LENGTH);
const identity = fc.record({ name, uid: fc.uuid() });

describe("names", () => {
  it("are DNS labels, for any job", () => {
    fc.assert(
      fc.property(identity, (record) => {
        const names = [
          recordName(record),
          serviceName(record),
          externalServiceName(record),
          secretName(record),
          controllerName(record, "master"),
          controllerName(record, "worker"),
        ];
        for (const text of names) {
          expect(text).toMatch(LABEL_NAME);
          expect(text.length).toBeLessThanOrEqual(63);
        }
      }),
    );
  });

  it("leave room for what controllers append", () => {
    fc.assert(
      fc.property(identity, (record) => {
        for (const role of ["master", "worker"] as const) {
          const controller = controllerName(record, role);
          // A StatefulSet's revision is a label; a Job's last index is in a host name.
          expect(controller.length).toBeLessThanOrEqual(52);
          expect(`${controller}-${MAX_WORKERS - 1}`.length).toBeLessThanOrEqual(63);
        }
      }),
    );
  });
});
