import { isFinal, stateFolder, volumeSources, type Context, type FoundConfig } from "@juliarun/sdk";
import {
  examineKube,
  rightInWords,
  type KubeFacts,
  type MissingRight,
} from "@juliarun/sdk/kubernetes";
import type { Session } from "../session.ts";
import { agentFinding } from "./agent-finding.ts";
import { fail, ok, warn, type Finding } from "./finding.ts";

type Facts = Omit<KubeFacts, "agent">;

/** A namespace of a Kubernetes cluster: version, rights, metrics, claims, agent. */
export async function examineKubernetes(
  { io, signal }: Session,
  { config, baseDir }: FoundConfig,
  context: Context,
): Promise<Finding[]> {
  const facts = await examineKube({
    config,
    baseDir,
    namespace: context.namespace,
    stateDir: stateFolder(io.env, io.cwd),
    env: io.env,
    signal,
  });
  const findings = [...kubernetesFindings(facts), ...mountedAsTheyAre(config, baseDir)];
  // Without the rights there is no list of jobs.
  if (facts.missing.length > 0 || facts.namespaceExists === false) return findings;
  const jobs = await context.list({}, { signal });
  const unfinished = jobs.filter(({ status }) => !isFinal(status)).length;
  return [...findings, agentFinding(facts.agent, unfinished)];
}

/** Volumes that need nothing in the cluster; whether a node has a folder is only seen by pods. */
function mountedAsTheyAre({ storage }: FoundConfig["config"], baseDir: string): Finding[] {
  return Object.entries(volumeSources(storage, baseDir)).flatMap(([name, source]) => {
    const subject = `volume ${name}`;
    if (source.kind === "hostpath")
      return [ok(subject, `${source.path} of each node, which must be there`)];
    return source.kind === "scratch" || source.kind === "gitrepo" ? [ok(subject, source.kind)] : [];
  });
}

/** What the facts mean. Pure. */
export function kubernetesFindings(facts: Facts): Finding[] {
  return [
    ...version(facts),
    namespace(facts),
    ...rights(facts),
    metrics(facts),
    ...facts.claims.map((claim) => volume(claim, facts)),
  ];
}

function version({ version: found, needsVersion }: Facts): Finding[] {
  if (needsVersion === undefined) return [];
  return [
    fail("version", `Kubernetes ${found}`, `JuliaRun needs Kubernetes ${needsVersion} or newer.`),
  ];
}

function namespace({ namespace: name, namespaceExists }: Facts): Finding {
  if (namespaceExists === false)
    return fail(
      "namespace",
      `${name} does not exist`,
      `\`kubectl create namespace ${name}\`, or correct \`compute.namespace\`.`,
    );
  return ok("namespace", namespaceExists ? name : `${name}; you may not look whether it exists`);
}

/** One finding for each missing right: an administrator needs their names. */
function rights({ missing, missingOptional, namespace: name }: Facts): Finding[] {
  const needed = missing.map((right) =>
    fail(
      "rights",
      `you may not ${rightInWords(right)} in namespace ${name} (${right.purpose})`,
      "deploy/kubernetes/role.yaml of JuliaRun gives every right that is needed.",
    ),
  );
  return [
    ...(needed.length === 0 ? [ok("rights", `all that jobs need in namespace ${name}`)] : needed),
    ...missingOptional.map((right) => optional(right, name)),
  ];
}

function optional(right: MissingRight, name: string): Finding {
  const ofCluster = right.scope === "cluster";
  const where = ofCluster ? "the whole cluster" : `namespace ${name}`;
  const file = ofCluster ? "cluster-roles.yaml" : "role.yaml";
  return warn(
    "rights",
    `you may not ${rightInWords(right)} in ${where} (${right.purpose})`,
    `Jobs run without it; deploy/kubernetes/${file} of JuliaRun gives it.`,
  );
}

function metrics({ metrics: found }: Facts): Finding {
  if (found) return ok("metrics", "resource use can be read");
  return warn(
    "metrics",
    "the cluster does not measure pods",
    "Install the metrics server to see the resource use of jobs.",
  );
}

function volume({ volume: name, state }: KubeFacts["claims"][number], facts: Facts): Finding {
  const subject = `volume ${name}`;
  if (state === "bound") return ok(subject, "its claim is bound");
  if (state === "unknown") return ok(subject, "you may not look at its claim");
  const hint = `\`jrun storage apply ${name}\` makes it; that needs an administrator's rights.`;
  return state === "missing"
    ? fail(subject, `it has no claim in namespace ${facts.namespace}`, hint)
    : warn(
        subject,
        `its claim in namespace ${facts.namespace} is not bound`,
        `Jobs wait until it is; ${hint}`,
      );
}
