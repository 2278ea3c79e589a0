// The ten minutes before and after a change, in whole minutes: the one in which it came is neither. Pure.
import type { WindowMinute } from '@heddle/db'
import { chanceOfWorse } from '../../data/twoProportions.ts'
import { failuresOf, successRate } from '../metrics/totals.ts'
import type { ChangeEffect } from '../schemas/changeEffects.ts'

const MINUTE_MS = 60_000
export const SIDE_MINUTES = 10
/** As for the verdict on a version: so that of a hundred changes without effect one is called worse. */
const CHANCE = 0.01

type Minute = Omit<WindowMinute, 'window'>

/** From when to when a change's minutes are read; `to` is exclusive. */
export function stretchAround(at: number): { from: number; to: number } {
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS
  return { from: minute - SIDE_MINUTES * MINUTE_MS, to: minute + (1 + SIDE_MINUTES) * MINUTE_MS }
}

export interface Known {
  /** Start of the first data there is (see spanOf); null: nobody can say. */
  since: number | null
  /** End of what every proxy has reported. */
  now: number
}

/** `minutes`: of all its services. A mesh that is younger than the ten minutes before was not silent in the rest of them. */
export function aroundChange(at: number, { since, now }: Known, minutes: readonly Minute[]): ChangeEffect['around'] {
  if (minutes.length === 0) return null
  const { from, to } = stretchAround(at)
  const changed = from + SIDE_MINUTES * MINUTE_MS
  const known = Math.min(to, Math.floor(now / MINUTE_MS) * MINUTE_MS)
  const afterMs = Math.max(0, known - changed - MINUTE_MS)
  const firstWhole = since === null ? from : Math.max(from, Math.ceil(since / MINUTE_MS) * MINUTE_MS)
  const beforeMs = Math.max(0, changed - firstWhole)
  const before = sideOf(
    minutes.filter((minute) => minute.at >= firstWhole && minute.at < changed),
    beforeMs,
  )
  const after = sideOf(
    minutes.filter((minute) => minute.at > changed && minute.at < known),
    afterMs,
  )
  return {
    sideMs: SIDE_MINUTES * MINUTE_MS,
    beforeMs,
    afterMs,
    before,
    after,
    isWorse: chanceOfWorse(after, before) < CHANCE,
    successRate: Array.from({ length: 2 * SIDE_MINUTES + 1 }, (_, i) => {
      const start = from + i * MINUTE_MS
      return start >= known
        ? null
        : sideOf(
            minutes.filter((minute) => minute.at === start),
            MINUTE_MS,
          ).successRate
    }),
  }
}

function sideOf(minutes: readonly Minute[], spanMs: number): NonNullable<ChangeEffect['around']>['before'] {
  const sum = { requests: 0, cancelled: 0, failures: 0 }
  for (const minute of minutes) {
    sum.requests += minute.requests
    sum.cancelled += minute.cancelled
    sum.failures += failuresOf(minute)
  }
  return {
    requests: sum.requests,
    failures: sum.failures,
    requestsPerSecond: spanMs === 0 ? 0 : sum.requests / (spanMs / 1_000),
    successRate: successRate(sum.requests, sum.cancelled, sum.failures),
  }
}
