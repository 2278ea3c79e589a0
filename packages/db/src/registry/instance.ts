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
