import { afterEach, describe, expect, it } from "vitest";
import { AnsweringApi, refusal, type ApiAnswer } from "./fixtures/answering-api.ts";
import { slimController } from "./fixtures/slim-objects.ts";
import { Refusals } from "./refusals.ts";

const QUOTA =
  'Error creating: pods "hello-01234567-0" is forbidden: exceeded quota: compute, requested: requests.cpu=1, used: requests.cpu=2, limited: requests.cpu=2';
const SECURITY =
  'Error creating: pods "bye-89abcdef-0" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false';

const controller = slimController({ name: "hello-01234567", createdAt: 10_000 });

const apis: AnsweringApi[] = [];

afterEach(async () => Promise.all(apis.splice(0).map(async (api) => api.close())));

async function open(answer: ApiAnswer) {
  const api = await AnsweringApi.open(() => answer);
  apis.push(api);
  const refusals = new Refusals(api.client);
  return {
    api,
    of: async (now: number, bare = [controller]) =>
      Object.fromEntries(await refusals.of(bare, now)),
  };
}

function event(kind: string, name: string, message: string): object {
  return { involvedObject: { kind, name }, reason: "FailedCreate", type: "Warning", message };
}

const events: ApiAnswer = {
  body: {
    kind: "EventList",
    metadata: {},
    items: [
      event("Job", "hello-01234567", QUOTA),
      event("StatefulSet", "bye-89abcdef", SECURITY),
      { involvedObject: {}, reason: "FailedCreate" },
    ],
  },
};

describe("Refusals", () => {
  it("tells a quota, which may have room later, from what is refused for good", async () => {
    const { api, of } = await open(events);
    expect(await of(20_000)).toEqual({
      "hello-01234567": { reason: "QuotaExceeded", message: QUOTA },
      "bye-89abcdef": { reason: "StartFailed", message: SECURITY },
    });
    expect(api.calls[0]?.query.get("fieldSelector")).toBe("reason=FailedCreate,type=Warning");
  });

  it("asks once for all jobs, and not before a controller had a moment for its pods", async () => {
    const { api, of } = await open(events);
    expect(await of(11_000)).toEqual({});
    expect(await of(20_000, [])).toEqual({});
    expect(api.calls).toHaveLength(0);
    await of(20_000);
    await of(20_001);
    expect(api.calls).toHaveLength(1);
  });

  it("has no words without the right to read events", async () => {
    const { of } = await open(refusal(403, "Forbidden", "events is forbidden"));
    expect(await of(20_000)).toEqual({});
  });
});
