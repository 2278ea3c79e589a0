// A ready instance as the registry knows it, for tests of what its age means.
import type { Instance } from '@heddle/db'

const LEASE_MS = 60_000

/** `now`, `ageMs`: milliseconds; it joined that long before, and its lease ends a minute later. */
export const instanceOf = (service: string, version: string, now: number, ageMs: number): Instance => ({
  instance: `${service}-${version}-1-abcd`,
  service,
  version,
  hostId: 'host',
  bootId: 'boot',
  inbound: { address: '127.0.0.1', port: 4143, public: null },
  outbound: 4140,
  admin: 4191,
  ready: true,
  readyReason: null,
  build: '0.1.0',
  controlId: 'control',
  firstSeenAt: now - ageMs,
  leaseUntil: now + LEASE_MS,
  lapsedAt: null,
  withdrawnAt: null,
  offered: true,
})
