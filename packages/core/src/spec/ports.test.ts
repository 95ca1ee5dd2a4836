import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPorts, parsePorts, type Ports, portsSchema, toServicePorts } from "./ports.ts";

describe("parsePorts", () => {
  it.each<[string, Ports]>([
    ["http:80:80,https:443:443", { http: [80, 80], https: [443, 443] }],
    ["http:80:8080", { http: [80, 8080] }],
    ["80:80,443:443", { port80: [80, 80], port443: [443, 443] }],
    ["80,443", { port80: [80, 80], port443: [443, 443] }],
    ["http:80,https:443", { http: [80, 80], https: [443, 443] }],
    ["8888:80", { port8888: [8888, 80] }],
    [" http : 80 , 81 ", { http: [80, 80], port81: [81, 81] }],
    ["mgmttls:15672:15671,mgmt:15672", { mgmttls: [15_672, 15_671], mgmt: [15_672, 15_672] }],
    ["", {}],
  ])("reads %j", (text, ports) => {
    expect(parsePorts(text)).toEqual(ports);
  });

  it.each([
    ["http", "must be like"],
    ["http:", "must be like"],
    ["http:80:", "must be like"],
    [":80", "must be like"],
    ["80:81:82", "must be like"],
    ["a:b:c", "port numbers"],
    ["http:80,", "must be like"],
    ["http:0", "port numbers"],
    ["http:65536", "port numbers"],
    ["http:-1", "port numbers"],
    ["http:80.5", "port numbers"],
    ["HTTP:80", "must name ports"],
    ["a-very-long-name-of-a-port:80", "must name ports"],
    ["http:80,http:81", "names the port http twice"],
    ["a:80,b:80", "service port 80 twice: a and b"],
    ["80,81:80", "service port 80 twice"],
    ["__proto__:80", "must name ports"],
  ])("refuses %j", (text, message) => {
    expect(() => parsePorts(text)).toThrow(
      expect.objectContaining({ code: "SPEC_INVALID", message: expect.stringContaining(message) }),
    );
  });

  it("reads what formatPorts writes", () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    const entry = fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,6})?$/),
      container: port,
      service: port,
    });
    const entries = fc.uniqueArray(entry, { selector: ({ service }) => service, maxLength: 8 });
    fc.assert(
      fc.property(entries, (list) => {
        const ports: Ports = Object.fromEntries(
          list.map(({ name, container, service }) => [name, [container, service]]),
        );
        expect(parsePorts(formatPorts(ports))).toEqual(ports);
        expect(portsSchema.parse(ports)).toEqual(ports);
      }),
    );
  });
});

describe("portsSchema", () => {
  it("takes records, text, and text in pieces", () => {
    expect(portsSchema.parse({ http: [80, 8080], nb: 8888, x: "81" })).toEqual({
      http: [80, 8080],
      nb: [8888, 8888],
      x: [81, 81],
    });
    expect(portsSchema.parse("http:80:8080")).toEqual({ http: [80, 8080] });
    expect(portsSchema.parse(["http:80", "81"])).toEqual({ http: [80, 80], port81: [81, 81] });
  });

  it.each([
    [{ http: [80, 81, 82] }],
    [{ http: {} }],
    [5],
    [{ a: 80, b: 80 }],
    [{ http: [80, 70_000] }],
  ])("refuses %j", (value) => {
    expect(portsSchema.safeParse(value).success).toBe(false);
  });
});

it("lists ports for a plan", () => {
  expect(toServicePorts({ http: [80, 8080] })).toEqual([
    { name: "http", containerPort: 80, servicePort: 8080 },
  ]);
});
