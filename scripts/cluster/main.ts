import { ensureEngine } from "../engine/index.ts";
import { Problem } from "../progress/problem.ts";
import { elapsed, lineProgress } from "../progress/progress.ts";
import { ensureCluster } from "./ensure-cluster.ts";
import { clusterName } from "./find-cluster.ts";
import { clusterExists, deleteCluster } from "./kind-cluster.ts";

const progress = lineProgress(process.stderr);

async function up(): Promise<void> {
  const startedMs = Date.now();
  const { docker } = await ensureEngine(progress);
  const { kubeconfig } = await ensureCluster({ docker }, progress);
  progress.say(`The cluster for tests is up (${elapsed(startedMs)}). For kubectl:`);
  console.log(`export KUBECONFIG=${kubeconfig}`);
}

async function down(): Promise<void> {
  if (await clusterExists(clusterName, progress)) await deleteCluster(clusterName, progress);
  else progress.say(`There is no kind cluster ${clusterName}.`);
}

const commands: Readonly<Record<string, () => Promise<void>>> = { up, down };

try {
  const command = commands[process.argv[2] ?? ""];
  if (command === undefined) throw new Problem("Usage: npm run cluster -- up|down");
  await command();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
