// A proxy in the registry, as its last hello described it.

export interface Instance {
  instance: string
  service: string
  version: string
  /** Random id of its HEDDLE_HOME; loopback endpoints are for proxies of the same one. */
  hostId: string
  bootId: string
  /** null: a client only, with no inbound side. */
  inbound: { address: string; port: number; public: number | null } | null
  outbound: number
  admin: number
  ready: boolean
  readyReason: string | null
  build: string
  /** The control plane that last renewed the lease. */
  controlId: string | null
  /** All times in milliseconds since the epoch, by Postgres' clock. */
  firstSeenAt: number
  leaseUntil: number
  lapsedAt: number | null
  withdrawnAt: number | null
  /** Whether callers get it as an endpoint: it has an inbound side, is ready, not withdrawn and not lapsed. */
  offered: boolean
}

/** What a hello says, with the identity taken from the certificate. */
export interface Registration {
  instance: string
  service: string
  version: string
  hostId: string
  bootId: string
  inbound: { address: string; port: number; public: number | null } | null
  outbound: number
  admin: number
  ready: boolean
  build: string
  controlId: string
}

export interface InstanceRow {
  instance: string
  service: string
  version: string
  hostId: string
  bootId: string
  address: string | null
  port: number | null
  publicPort: number | null
  outbound: number
  admin: number
  ready: boolean
  readyReason: string | null
  build: string
  controlId: string | null
  firstSeenAt: Date
  leaseUntil: Date
  lapsedAt: Date | null
  withdrawnAt: Date | null
}

export function toInstance(row: InstanceRow): Instance {
  const { address, port, publicPort, firstSeenAt, leaseUntil, lapsedAt, withdrawnAt, ...same } = row
  const inbound = address === null || port === null ? null : { address, port, public: publicPort }
  return {
    ...same,
    inbound,
    firstSeenAt: firstSeenAt.getTime(),
    leaseUntil: leaseUntil.getTime(),
    lapsedAt: lapsedAt?.getTime() ?? null,
    withdrawnAt: withdrawnAt?.getTime() ?? null,
    offered: inbound !== null && row.ready && lapsedAt === null && withdrawnAt === null,
  }
}

/** A lease without a renewal ends after this; control planes renew in batches every 5 s. */
export const LEASE_MS = 15_000
/** An endpoint is kept this long after its lease has ended. */
export const LAPSE_AFTER_MS = 30_000
/** What one control plane's start (or Postgres' return) grants to every lease. */
export const GRACE_MS = 60_000
/** Rows of instances that were not seen for this long are removed. */
export const REMOVE_AFTER_MS = 72 * 3_600_000
/** The same for client-only instances that ended. */
export const REMOVE_ENDED_CLIENT_AFTER_MS = 3_600_000
