import { delimiter, resolve } from "node:path";
import { isManagerError, ManagerError, SecretText, toConfig } from "@juliarun/core";
import type { AgentTarget } from "./agent-target.ts";

/** The environment of a process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What a starter tells its agent: through a pipe, as everybody can read a process's arguments. */
export interface AgentOrder {
  readonly target: AgentTarget;
  /** Environment variables that the agent's own environment must not have, as the configuration's secrets are in them, or has otherwise. */
  readonly variables: Readonly<Record<string, string>>;
}

/** An order as text. It holds secrets. */
export function writeOrder(target: AgentTarget, env: Env): string {
  const variables = orderVariables(target, env);
  return JSON.stringify(
    { target, variables },
    function (this: Record<string, unknown>, key, value: unknown) {
      // Secrets print as something else, so they are taken from where they are held.
      const held = this[key];
      return held instanceof SecretText ? held.reveal() : value;
    },
  );
}

function orderVariables(target: AgentTarget, env: Env): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const name of secretVariables(target)) {
    const value = env[name];
    if (value !== undefined) variables[name] = value;
  }
  // Agents run in another folder.
  const files = target.kind === "docker" ? undefined : env["KUBECONFIG"];
  if (files) {
    variables["KUBECONFIG"] = files
      .split(delimiter)
      .map((file) => file && resolve(file))
      .join(delimiter);
  }
  return variables;
}

/** Reads what {@link writeOrder} wrote. @throws ManagerError INTERNAL for anything else, such as a starter that died; quotes nothing. */
export function readOrder(text: string): AgentOrder {
  try {
    const order = JSON.parse(text) as AgentOrder;
    const { target } = order;
    if (target.kind === "docker") return order;
    return { ...order, target: { ...target, config: toConfig(target.config) } };
  } catch (error) {
    // A parser's message quotes the text, which holds secrets; a configuration's problems do not.
    const reason = isManagerError(error) ? `: ${error.message}` : "";
    throw new ManagerError("INTERNAL", `The agent's starter did not say what to do${reason}`);
  }
}

function secretVariables(target: AgentTarget): string[] {
  const { registries } = target.kind === "docker" ? target : target.config;
  const values: unknown[] = [
    ...(target.kind === "docker" ? [] : Object.values(target.config.compute.auth)),
    ...Object.values(registries).map(({ password }) => password),
  ];
  const named = values.flatMap((value) =>
    typeof value === "object" && value !== null && "env" in value && typeof value.env === "string"
      ? [value.env]
      : [],
  );
  return target.kind === "docker" ? [...named, ...target.tokenVariables] : named;
}
