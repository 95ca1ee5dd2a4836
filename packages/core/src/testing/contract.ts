import { CONFORMANCE_AREAS, CONFORMANCE_CASES } from "./all-cases.ts";
import type { ConformanceCase, ConformanceArea } from "./conformance-case.ts";

const INTRODUCTION = `# The contract of a backend

Made from the conformance suite by \`contract.test.ts\`; to change a rule, change its case and run
\`vitest run --project unit -u packages/core/src/testing/contract.test.ts\`.

A backend implements \`ClusterBackend\` of \`@juliarun/core\`, whose comments say what each call means. Four things hold for
all of them: only \`ManagerError\`s are thrown; a call whose signal aborts ends with CANCELLED, a stream just ends; several
processes may use one cluster at the same time; a namespace is never left. A new engine needs only a
\`UnitEngine\` (with \`apply\` where it has controllers of its own), a \`RecordStore\`, a \`Lease\` and a \`Logger\`:
\`UnitBackend\` makes a backend of them. [backends.md](backends.md) has the results of those that are here.

The rules below are cases of the suite, by their ids. To have a backend examined, describe its worlds in a
\`ConformanceHarness\` and call the suite in a \`*.conformance.test.ts\`:

\`\`\`ts
import { describeBackendConformance } from "@juliarun/core/testing/vitest";

describeBackendConformance("slurm", {
  create: async (options) => createWorld(options), // a namespace of its own, and how to get at it from outside
  lacking: { disconnect: "The controller is shared with other users." },
  deviations: [{ id: "queue/order", reason: "The scheduler orders by priority." }],
  patienceMs: 20_000,
});
\`\`\`

Jobs of the suite are small programs. \`planProgramJob()\` makes a plan of one for any image with a POSIX shell, such as
busybox; the memory backend interprets the same plan. \`mortalParts()\` is for \`mortalInstance\`, a process that dies in the
middle. A case that needs a control which the harness lacks is reported as not applicable, with the reason. A case listed
as a deviation must fail: one that passes, or an id that is unknown, is an error.
`;

/** The contract as Markdown, for \`docs/backend-contract.md\`. */
export function renderContract(): string {
  const count = `There are ${CONFORMANCE_CASES.length} rules.`;
  return [INTRODUCTION, `${count}\n`, ...CONFORMANCE_AREAS.map((area) => renderArea(area))].join(
    "\n",
  );
}

function renderArea({ name, summary, cases }: ConformanceArea): string {
  return [`## ${name}`, "", summary, "", ...cases.map((each) => renderCase(each)), ""].join("\n");
}

function renderCase({ id, rule, needs = [] }: ConformanceCase): string {
  const controls = needs.map((need) => `\`${need}\``).join(", ");
  return `- \`${id}\`: ${rule}${needs.length > 0 ? ` *(needs ${controls})*` : ""}`;
}
