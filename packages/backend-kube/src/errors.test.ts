import { describe, expect, it } from "vitest";
import { ApiRefusal, toApiStatus } from "./api-status.ts";
import type { Doing } from "./doing.ts";
import { isAlreadyExists, isConflict, isGone, isNotFound, toManagerError } from "./errors.ts";

const ADDRESS = "https://127.0.0.1:6443";
const POD: Doing = { verb: "create", resource: "pods", namespace: "team" };

function status(code: number, reason: string, message: string, details: object = {}): string {
  const head = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure" };
  return JSON.stringify({ ...head, message, reason, details, code });
}

function translate(code: number, body: string, doing = POD) {
  return toManagerError(new ApiRefusal(toApiStatus(code, body)), doing, ADDRESS);
}

describe("toManagerError", () => {
  it("names the right that is missing", () => {
    const message =
      'pods is forbidden: User "system:serviceaccount:team:reader" cannot create resource "pods" in API group "" in the namespace "team"';
    const error = translate(403, status(403, "Forbidden", message, { kind: "pods" }));
    expect(error.code).toBe("FORBIDDEN");
    expect(error.message).toBe(`Not allowed to create pods in namespace team: ${message}`);
    expect(error.hint).toContain("create pods in namespace team");
    expect(error.details).toMatchObject({ ...POD, status: 403, reason: "Forbidden" });
  });

  it("tells a quota from a missing right", () => {
    const message =
      'pods "a" is forbidden: exceeded quota: compute, requested: requests.cpu=2, used: requests.cpu=3, limited: requests.cpu=4';
    const error = translate(403, status(403, "Forbidden", message));
    expect([error.code, error.retryable]).toEqual(["QUOTA_EXCEEDED", true]);
    expect(error.message).toContain(message);
  });

  it("names the Pod Security standard and the violation", () => {
    const violation =
      'allowPrivilegeEscalation != false (container "unit" must set securityContext.allowPrivilegeEscalation=false)';
    const error = translate(
      403,
      status(
        403,
        "Forbidden",
        `pods "a" is forbidden: violates PodSecurity "restricted:latest": ${violation}`,
      ),
    );
    expect(error.code).toBe("SPEC_INVALID");
    expect(error.message).toBe(
      `Namespace team enforces the Pod Security standard restricted:latest, and this job violates it: ${violation}`,
    );
  });

  it.each([
    ["maximum memory usage per Container is 1Gi, but limit is 2Gi"],
    ["failed quota: compute: must specify limits.cpu for: unit"],
  ])("takes limits of a namespace for a wrong spec: %s", (words) => {
    const body = status(403, "Forbidden", `pods "a" is forbidden: ${words}`);
    expect(translate(403, body).code).toBe("SPEC_INVALID");
  });

  it("knows a namespace that is missing or goes away", () => {
    const missing = status(404, "NotFound", 'namespaces "team" not found', {
      name: "team",
      kind: "namespaces",
    });
    expect(isNotFound(translate(404, missing))).toBe(false);
    expect(translate(404, missing)).toMatchObject({
      code: "CONFIG_INVALID",
      message: `There is no namespace team in the cluster at ${ADDRESS}.`,
    });
    const words =
      'configmaps "a" is forbidden: unable to create new content in namespace team because it is being terminated';
    const causes = [
      { reason: "NamespaceTerminating", message: "namespace team is being terminated" },
    ];
    expect(translate(403, status(403, "Forbidden", words, { causes })).code).toBe("STATE_CONFLICT");
  });

  it("keeps the kinds of conflict apart", () => {
    const exists = translate(
      409,
      status(409, "AlreadyExists", 'configmaps "a" already exists', {
        name: "a",
        kind: "configmaps",
      }),
    );
    const conflict = translate(
      409,
      status(
        409,
        "Conflict",
        'Operation cannot be fulfilled on configmaps "a": the object has been modified',
      ),
    );
    expect([exists.code, conflict.code]).toEqual(["STATE_CONFLICT", "STATE_CONFLICT"]);
    expect([exists, conflict].map(isAlreadyExists)).toEqual([true, false]);
    expect([exists, conflict].map(isConflict)).toEqual([false, true]);
  });

  it.each([
    [400, "BadRequest", "SPEC_INVALID"],
    [401, "Unauthorized", "UNAUTHENTICATED"],
    [404, "NotFound", "STATE_CONFLICT"],
    [410, "Expired", "STATE_CONFLICT"],
    [422, "Invalid", "SPEC_INVALID"],
    [429, "TooManyRequests", "BACKEND_UNREACHABLE"],
    [500, "InternalError", "BACKEND_UNREACHABLE"],
    [503, "ServiceUnavailable", "BACKEND_UNREACHABLE"],
    [504, "Timeout", "BACKEND_UNREACHABLE"],
  ])("translates %s %s to %s", (code, reason, expected) => {
    const error = translate(code, status(code, reason, "words of the server"));
    expect(error.code).toBe(expected);
    expect(isNotFound(error)).toBe(code === 404);
    expect(isGone(error)).toBe(code === 410);
  });

  it("survives answers that no API server gave", () => {
    expect(translate(502, "<html>Bad Gateway</html>").message).toContain("HTTP status 502");
    expect(translate(503, "upstream connect error").message).toContain("upstream connect error");
    expect(translate(500, "x".repeat(5000)).message.length).toBeLessThan(1200);
  });

  it("says that the server does not answer, and where", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:6443"), {
      code: "ECONNREFUSED",
    });
    expect(toManagerError(refused, POD, ADDRESS)).toMatchObject({
      code: "BACKEND_UNREACHABLE",
      retryable: true,
      message: `The Kubernetes API server at ${ADDRESS} does not answer (create pods in namespace team): connect ECONNREFUSED 127.0.0.1:6443`,
    });
  });

  it.each([
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "CERT_HAS_EXPIRED",
  ])("says that the server is not trusted, and what to do: %s", (code) => {
    const untrusted = Object.assign(new Error("unable to verify the first certificate"), { code });
    expect(toManagerError(untrusted, POD, ADDRESS)).toMatchObject({
      code: "BACKEND_UNREACHABLE",
      message: `The Kubernetes API server at ${ADDRESS} is not trusted (create pods in namespace team): unable to verify the first certificate`,
      hint: expect.stringContaining("certificate-authority-data"),
    });
  });

  it("knows an abort", () => {
    const error = toManagerError(new DOMException("aborted", "AbortError"), POD, ADDRESS);
    expect(error.code).toBe("CANCELLED");
  });
});
