import { isFinal, stateFolder, type Context, type FoundConfig } from "@juliarun/sdk";
import {
  examineKube,
  rightInWords,
  type KubeFacts,
  type MissingRight,
} from "@juliarun/sdk/kubernetes";
import type { Session } from "../session.ts";
import { agentFinding } from "./agent-finding.ts";
import { fail, ok, warn, type Finding } from "./finding.ts";

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
  const findings = [...version(facts), namespace(facts), ...rights(facts), metrics(facts)];
  const volumes = facts.claims.map((claim) => volume(claim, facts));
  // Without the rights there is no list of jobs.
  if (findings.some(({ level }) => level === "fail")) return [...findings, ...volumes];
  const jobs = await context.list({}, { signal });
  const unfinished = jobs.filter(({ status }) => !isFinal(status)).length;
  return [...findings, ...volumes, agentFinding(facts.agent, unfinished)];
}

function version({ version: found, needsVersion }: KubeFacts): Finding[] {
  if (needsVersion === undefined) return [];
  return [
    fail("version", `Kubernetes ${found}`, `JuliaRun needs Kubernetes ${needsVersion} or newer.`),
  ];
}

function namespace({ namespace: name, namespaceExists }: KubeFacts): Finding {
  if (namespaceExists === false)
    return fail(
      "namespace",
      `${name} does not exist`,
      `\`kubectl create namespace ${name}\`, or correct \`compute.namespace\`.`,
    );
  return ok("namespace", namespaceExists ? name : `${name}; you may not look whether it exists`);
}

/** One finding for each missing right: an administrator needs their names. */
function rights({ missing, missingOptional, namespace: name }: KubeFacts): Finding[] {
  const needed = missing.map((right) =>
    fail(
      "rights",
      `you may not ${rightInWords(right)} in namespace ${name} (${right.purpose})`,
      "deploy/kubernetes/role.yaml of JuliaRun gives every right that is needed.",
    ),
  );
  return [
    ...(needed.length === 0 ? [ok("rights", `all that jobs need in namespace ${name}`)] : needed),
    ...missingOptional.map((right) => optional(right)),
  ];
}

function optional(right: MissingRight): Finding {
  return warn(
    "rights",
    `you may not ${rightInWords(right)}: without it there is no ${right.purpose}`,
    "Jobs run without; deploy/kubernetes/role.yaml has roles with it.",
  );
}

function metrics({ metrics: found }: KubeFacts): Finding {
  if (found) return ok("metrics", "resource use can be read");
  return warn(
    "metrics",
    "the cluster does not measure pods",
    "Install the metrics server to see the resource use of jobs.",
  );
}

function volume({ volume: name, state }: KubeFacts["claims"][number], facts: KubeFacts): Finding {
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
