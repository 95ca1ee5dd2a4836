import { expect, it } from "vitest";
import { inWords, toDoing } from "./doing.ts";

it.each([
  ["GET", "/api/v1/namespaces/x/configmaps/a", "get configmaps a in namespace x"],
  ["GET", "/api/v1/namespaces/x/configmaps?limit=500", "list configmaps in namespace x"],
  ["GET", "/api/v1/namespaces/x/pods?watch=true&limit=1", "watch pods in namespace x"],
  ["GET", "/api/v1/namespaces/x/pods/a/log?follow=true", "get pods/log a in namespace x"],
  ["POST", "/apis/batch/v1/namespaces/x/jobs", "create jobs in namespace x"],
  [
    "PATCH",
    "/apis/apps/v1/namespaces/x/statefulsets/a/scale",
    "patch statefulsets/scale a in namespace x",
  ],
  [
    "DELETE",
    "/api/v1/namespaces/x/pods?labelSelector=a%3Db",
    "deletecollection pods in namespace x",
  ],
  ["DELETE", "/api/v1/namespaces/x/pods/a", "delete pods a in namespace x"],
  ["GET", "/api/v1/nodes", "list nodes"],
  ["GET", "/api/v1/namespaces/x", "get namespaces x"],
  ["GET", "/version", "list /version"],
])("%s %s: %s", (method, path, words) => {
  expect(inWords(toDoing(method, path))).toBe(words);
});
