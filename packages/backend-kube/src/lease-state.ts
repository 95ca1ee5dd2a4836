import type { V1Lease } from "@kubernetes/client-node";

/** How long a lease is valid after it was taken or renewed. */
export const LEASE_SECONDS = 15;

/** A Lease as the API server sends it: its times are texts. */
export type LeaseObject = Omit<V1Lease, "spec"> & {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
};

/** Who has the lease, and until when. */
export interface LeaseState {
  readonly objectUid: string;
  readonly resourceVersion: string;
  /** Empty: nobody. */
  readonly holder: string;
  /** Milliseconds since 1970 by the API server's clock. */
  readonly expiresAt: number;
  /** When the holder took it, as it wrote it. */
  readonly acquireTime: string;
  readonly transitions: number;
}

/** Pure. */
export function toLeaseState({ metadata, spec }: LeaseObject): LeaseState {
  const renewedAt = Date.parse(spec?.renewTime ?? "");
  const seconds = spec?.leaseDurationSeconds ?? LEASE_SECONDS;
  return {
    objectUid: metadata?.uid ?? "",
    resourceVersion: metadata?.resourceVersion ?? "",
    holder: spec?.holderIdentity ?? "",
    expiresAt: Number.isNaN(renewedAt) ? 0 : renewedAt + seconds * 1000,
    acquireTime: spec?.acquireTime ?? "",
    transitions: spec?.leaseTransitions ?? 0,
  };
}

/** Whether somebody other than `identity` has it at that time by the API server's clock. Pure. */
export function isTaken(state: LeaseState, identity: string, serverNow: number): boolean {
  return state.holder !== "" && state.holder !== identity && serverNow < state.expiresAt;
}

/**
 * The `spec` of a lease that `identity` takes or renews at that time; for nobody where there is no identity. Times are
 * those of the API server, so that clocks of clients that differ do no harm. Pure.
 */
export function toLeaseSpec(
  before: LeaseState | undefined,
  identity: string | undefined,
  serverNow: number,
): NonNullable<LeaseObject["spec"]> {
  const now = toMicroTime(serverNow);
  const transitions = before?.transitions ?? 0;
  if (identity === undefined)
    return { leaseDurationSeconds: LEASE_SECONDS, renewTime: now, leaseTransitions: transitions };
  const renews = before?.holder === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: LEASE_SECONDS,
    acquireTime: renews && before.acquireTime !== "" ? before.acquireTime : now,
    renewTime: now,
    leaseTransitions: before && !renews ? transitions + 1 : transitions,
  };
}

/** RFC 3339 with six digits of a second, as the API wants it. */
function toMicroTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "000Z");
}
