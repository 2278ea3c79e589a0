// A service's versions: share of its calls, golden numbers, instances, health. Pure.
import type { Instance } from '@heddle/db'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { sumBy, Totals } from '../metrics/totals.ts'
import type { Health } from '../schemas/numbers.ts'
import type { VersionShare } from '../schemas/services.ts'
import { countInstances, groupInstances } from './facts.ts'
import { judge, type Objective } from './health.ts'

/** Rows of calls that reached no endpoint carry it in place of a version. */
export const NO_VERSION = '-'

export interface SharesInput {
  /** Shown route rows of the service over the range (counts are enough), and over the last 15 minutes. */
  rows: readonly RouteRow[]
  recent: readonly RouteRow[]
  instances: readonly Instance[]
  objective: Objective
}

interface Share {
  version: string
  /** Percent of the service's calls in the range; null without any. */
  share: number | null
  instances: readonly Instance[]
  health: Health
  totals: Totals
}

/** By name; versions that have neither calls nor instances are not versions (any more). */
export function sharesOf({ rows, recent, instances, objective }: SharesInput): Share[] {
  const totals = sumBy(rows, ({ version }) => version)
  const recentTotals = sumBy(recent, ({ version }) => version)
  const byVersion = groupInstances(instances, ({ version }) => version)
  totals.delete(NO_VERSION)
  let all = 0
  for (const { requests } of totals.values()) all += requests
  return [...new Set([...byVersion.keys(), ...totals.keys()])]
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((version) => {
      const sum = totals.get(version) ?? new Totals()
      return {
        version,
        share: all === 0 ? null : (sum.requests / all) * 100,
        instances: byVersion.get(version) ?? [],
        health: judge(recentTotals.get(version), objective),
        totals: sum,
      }
    })
}

/** `spanMs`: what the rows cover. */
export function versionsOf(input: SharesInput, spanMs: number): VersionShare[] {
  return sharesOf(input).map(({ totals, instances, ...share }) => ({
    ...totals.golden(spanMs),
    ...share,
    instances: countInstances(instances),
  }))
}
