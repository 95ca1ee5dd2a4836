/** What an agent acts with: a connection to an engine, or to a namespace of a cluster. */
export interface AgentSite {
  readonly agentLease: {
    acquire(): Promise<boolean>;
  };
  readonly backend: {
    actUntilIdle(signal: AbortSignal): Promise<void>;
    /** Whether there is nothing to do now; changes nothing. */
    isIdle(): Promise<boolean>;
    /** Gives up the lease too. */
    close(): Promise<void>;
  };
}

/** What an agent is made of. */
export interface AgentParts<Site extends AgentSite> {
  readonly open: () => Promise<Site>;
  /** Told when this process has become the agent. */
  readonly onActing: (site: Site) => void;
  readonly signal: AbortSignal;
}

/** Why an agent ended. */
export type AgentEnd = "idle" | "taken" | "stopped";

/**
 * Acts for jobs until nothing is left to do; returns at once where another agent does so. A job that comes in the last
 * moment sees an agent and starts none: so this looks once more when the next one would be started.
 */
export async function runAgent<Site extends AgentSite>(parts: AgentParts<Site>): Promise<AgentEnd> {
  const first = await actOnce(parts, async () => false);
  if (first !== "acted") return first;
  while (!parts.signal.aborted) {
    const next = await actOnce(parts, async ({ backend }) => backend.isIdle());
    if (next !== "acted") return "idle";
  }
  return "stopped";
}

/** One turn as the agent, unless there is no need. */
async function actOnce<Site extends AgentSite>(
  { open, onActing, signal }: AgentParts<Site>,
  needless: (site: Site) => Promise<boolean>,
): Promise<"acted" | "idle" | "taken"> {
  const site = await open();
  try {
    if (await needless(site)) return "idle";
    if (!(await site.agentLease.acquire())) return "taken";
    onActing(site);
    await site.backend.actUntilIdle(signal);
    return "acted";
  } finally {
    await site.backend.close();
  }
}
