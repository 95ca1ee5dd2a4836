/** What an agent acts with: a connection to an engine, or to a namespace of a cluster. */
export interface AgentSite {
  readonly agentLease: {
    acquire(): Promise<boolean>;
  };
  readonly backend: {
    actUntilIdle(signal: AbortSignal): Promise<void>;
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

/** Acts for jobs until nothing is left to do; returns at once where another agent does so. */
export async function runAgent<Site extends AgentSite>({
  open,
  onActing,
  signal,
}: AgentParts<Site>): Promise<AgentEnd> {
  const site = await open();
  try {
    if (!(await site.agentLease.acquire())) return "taken";
    onActing(site);
    await site.backend.actUntilIdle(signal);
  } finally {
    await site.backend.close();
  }
  // A job that came in the last moment saw an agent and started none: look once more, now that the next one would.
  if (!signal.aborted) await lookAgain(open, signal);
  return signal.aborted ? "stopped" : "idle";
}

async function lookAgain(open: () => Promise<AgentSite>, signal: AbortSignal): Promise<void> {
  const { backend } = await open();
  try {
    await backend.actUntilIdle(signal);
  } finally {
    await backend.close();
  }
}
