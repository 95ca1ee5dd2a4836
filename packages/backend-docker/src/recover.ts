import {
  FILES_DIR,
  SECRETS_DIR,
  unitName,
  type JobPlan,
  type NewJobRecord,
  type PlacedFile,
  type UnitRecord,
} from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { LABEL, MANAGED, parseLabelledRecord } from "./labels.ts";
import { readArchive } from "./read-archive.ts";
import { fromListed, type ListedUnit } from "./status.ts";

interface LabelledUnit extends ListedUnit {
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * See `UnitEngine.recover`: labels hold the intent, the containers themselves the files and secrets.
 * @param owner - containers of other people's records are left alone.
 */
export async function recoverRecords(
  client: DockerClient,
  owner: string,
  signal?: AbortSignal,
): Promise<NewJobRecord[]> {
  const label = [MANAGED, `${LABEL.owner}=${owner}`];
  const containers = await client.call(
    "to list containers",
    async (docker) => docker.listContainers({ all: true, filters: { label } }),
    { signal },
  );
  const units = containers.flatMap((container) => {
    const listed = fromListed(container);
    return listed ? [{ ...listed, labels: container.Labels }] : [];
  });
  const byUid = Map.groupBy(units, ({ identity }) => identity.uid);
  const records = await Promise.all([...byUid.values()].map(async (job) => recover(client, job)));
  return newestOfEachName(records.filter((record) => record !== undefined));
}

async function recover(
  client: DockerClient,
  units: readonly LabelledUnit[],
): Promise<NewJobRecord | undefined> {
  // The last start knows the last number of workers.
  const latest = units.reduce((a, b) => (b.createdAt >= a.createdAt ? b : a));
  const labelled = parseLabelledRecord(latest.labels[LABEL.spec]);
  const hash = latest.labels[LABEL.hash];
  if (!labelled || hash === undefined) return undefined;
  const [files, secrets] = await Promise.all([
    readPlaced(client, units, FILES_DIR, labelled.spec.files.length > 0),
    readPlaced(
      client,
      units,
      SECRETS_DIR,
      labelled.plan.groups.some((group) => group.container.secrets.length > 0),
    ),
  ]);
  const { namespace, job, uid } = latest.identity;
  return {
    namespace,
    name: job,
    uid,
    hash,
    createdAt: labelled.createdAt,
    requestedWorkers: labelled.requestedWorkers,
    ...(labelled.revision === undefined ? {} : { revision: labelled.revision }),
    spec: { ...labelled.spec, files: refill(labelled.spec.files, files) },
    plan: refillPlan(labelled.plan, files),
    units: unitRecords(units),
    secrets: Object.fromEntries([...secrets].map(([name, value]) => [name, value.toString()])),
  };
}

/** From the first container that has them. */
async function readPlaced(
  client: DockerClient,
  units: readonly LabelledUnit[],
  folder: string,
  expected: boolean,
): Promise<Map<string, Buffer>> {
  if (!expected) return new Map();
  for (const { unit } of units) {
    const found = await readArchive(client, unit.engineId, folder);
    if (found.size > 0) return found;
  }
  return new Map();
}

function refill(
  files: readonly PlacedFile[],
  contents: ReadonlyMap<string, Buffer>,
): readonly PlacedFile[] {
  return files.map(({ name }) => ({
    name,
    contentBase64: contents.get(name)?.toString("base64") ?? "",
  }));
}

function refillPlan(plan: JobPlan, contents: ReadonlyMap<string, Buffer>): JobPlan {
  const groups = plan.groups.map((group) => ({
    ...group,
    container: { ...group.container, files: refill(group.container.files, contents) },
  }));
  return { ...plan, groups };
}

/** Later containers of a unit had other ones before them; how those ended is not known any more. */
function unitRecords(units: readonly LabelledUnit[]): Record<string, UnitRecord> {
  const records: Record<string, UnitRecord> = {};
  for (const { unit } of units) {
    const name = unitName(unit);
    const attempt = Math.max(unit.attempt, records[name]?.attempt ?? 0);
    records[name] = { attempt, priorRestarts: 0 };
  }
  return records;
}

function newestOfEachName(records: readonly NewJobRecord[]): NewJobRecord[] {
  const byName = Map.groupBy(records, ({ namespace, name }) => `${namespace}/${name}`);
  return [...byName.values()].map((same) =>
    same.reduce((a, b) => (b.createdAt > a.createdAt ? b : a)),
  );
}
