// A service's versions: share of its calls, golden numbers, instances, health. Pure.
import type { Instance } from '@heddle/db'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { sumBy, Totals } from '../metrics/totals.ts'
import type { VersionShare } from '../schemas/services.ts'
import { countInstances, groupInstances } from './facts.ts'
import { judge, type Objective } from './health.ts'

/** Rows of calls that reached no endpoint carry it in place of a version. */
export const NO_VERSION = '-'

export interface VersionsInput {
  /** Shown route rows of the service over the range, and over the last 15 minutes. */
  rows: readonly RouteRow[]
  recent: readonly RouteRow[]
  instances: readonly Instance[]
  objective: Objective
  spanMs: number
}

/** By name; versions that have neither calls nor instances are not versions (any more). */
export function versionsOf({ rows, recent, instances, objective, spanMs }: VersionsInput): VersionShare[] {
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
        ...sum.golden(spanMs),
        version,
        share: all === 0 ? null : (sum.requests / all) * 100,
        instances: countInstances(byVersion.get(version) ?? []),
        health: judge(recentTotals.get(version), objective),
      }
    })
}
