import { describe, expect, test } from "vitest";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const EXIT_TAKEN = 4;

describe.skipIf(whyNoKubernetes() !== undefined)(
  "somebody else's object",
  { concurrent: true },
  () => {
    test.for([
      ["ConfigMap", "configmaps", { data: { mine: "yes" } }],
      ["Service", "services", { spec: { ports: [{ port: 80 }] } }],
    ] as const)(
      "a %s of a job's name stays, and the job is refused whole",
      async ([kind, resource, content], { onTestFinished }) => {
        await using workspace = await KubeWorkspace.create({ onTestFinished });
        const { client } = workspace;
        await client.create(client.path(resource), { metadata: { name: "pi" }, ...content });
        const path = await workspace.file("pi.sh", "true");
        const line = ["submit", "JuliaParBatch", "pi", path, "juliarun", "--image", "sh"];
        const { exitCode, stderr } = await workspace.run(...line, "--nworkers", "1");
        expect(exitCode).toBe(EXIT_TAKEN);
        expect(stderr).toMatch(new RegExp(`error: .*${kind} .*not JuliaRun's`));
        expect(stderr).toMatch(/hint: .*another name/);
        expect(await workspace.jobs()).toEqual([]);
        expect(await workspace.objects()).toEqual([]);
        expect(await client.get(client.path(resource, "pi"))).toMatchObject(content);
        // Nor is it deleted as a job.
        expect(await workspace.run("delete", "pi", "--force")).toMatchObject({ exitCode: 3 });
        expect(await client.get(client.path(resource, "pi"))).toMatchObject(content);
      },
    );
  },
);
