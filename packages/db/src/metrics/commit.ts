// Adds the proxies' deltas to the three tables of each family, exactly once, in one transaction.
import type { MetricsPayload } from '@heddle/shared/wire/metrics'
import type { Database } from '../connection/database.ts'

export interface MetricsDelta {
  instance: string
  service: string
  /** By the receiving control plane's clock, milliseconds since the epoch. */
  receivedAt: number
  /** Age of the payload's end when it was received. */
  ageMs: number
  payload: MetricsPayload
}

export interface CommittedDelta {
  delta: MetricsDelta
  /** false: it had been committed before, and counts nowhere again. Acknowledge it all the same. */
  isNew: boolean
  /** Start of its 10 s bucket, milliseconds since the epoch. */
  at: number
}

/**
 * In the order given. A proxy's deltas must come in ascending sequence (a resend repeats all that is unacknowledged):
 * the cursor per (instance, boot id) only goes up.
 */
export function commitDeltas(
  _db: Database,
  _controlId: string,
  _deltas: readonly MetricsDelta[],
): Promise<CommittedDelta[]> {
  throw new Error('not written yet')
}
