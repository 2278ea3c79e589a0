// A service's versions: share of its calls, golden numbers, instances, health. Pure.
import type { Instance } from '@heddle/db'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { joinedWithin, laterOf, saidToJoin } from '../metrics/joined.ts'
import type { At } from '../metrics/liveWindow.ts'
import { type ReadRange, spanOf } from '../metrics/range.ts'
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
  recent: readonly At<RouteRow>[]
  /** Those that should be there. */
  instances: readonly Instance[]
  objective: Objective
}

/** What tells since when a version can have been called. */
export interface Youth {
  /** Of `rows` and of `recent`. */
  range: ReadRange
  recentRange: ReadRange
  /** Every instance of the service that the registry remembers, also those that are gone. */
  remembered: readonly Instance[]
  /** Start of the first data there is (see spanOf). */
  since: number | null
}

interface Share {
  version: string
  /** Percent of the service's calls in the range, or since `sharesSince`; null without any. */
  share: number | null
  /** Where it is younger than the range: since when it can have been called. */
  joinedAt: number | null
  instances: readonly Instance[]
  health: Health
  totals: Totals
}

export interface Shares {
  versions: Share[]
  /** Where a version is younger than the range, the shares are of the time from here on; null: of the whole range. */
  sharesSince: number | null
}

/** The two sums are read one after the other: what comes in between them is in one of them alone. */
const READ_APART = 1.1

/** By name; versions that have neither calls nor instances are not versions (any more). */
export function sharesOf(input: SharesInput, youth?: Youth): Shares {
  const { rows, recent, instances, objective } = input
  const totals = sumBy(rows, ({ version }) => version)
  const recentTotals = sumBy(recent, ({ version }) => version)
  const byVersion = groupInstances(instances, ({ version }) => version)
  totals.delete(NO_VERSION)
  const names = [...new Set([...byVersion.keys(), ...totals.keys()])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
  const joined = youth === undefined ? new Map<string, number>() : joinedVersions(names, input, youth)
  const sharesSince =
    youth === undefined || joined.size === 0 ? null : Math.max(youth.recentRange.from, ...joined.values())
  const counted = sharesSince === null ? totals : sumBy(countedSince(recent, sharesSince), ({ version }) => version)
  let all = 0
  for (const version of names) all += counted.get(version)?.requests ?? 0
  return {
    sharesSince,
    versions: names.map((version) => ({
      version,
      share: all === 0 ? null : ((counted.get(version)?.requests ?? 0) / all) * 100,
      joinedAt: joined.get(version) ?? null,
      instances: byVersion.get(version) ?? [],
      health: judge(recentTotals.get(version), objective),
      totals: totals.get(version) ?? new Totals(),
    })),
  }
}

/**
 * Versions that joined within the range, later than the mesh itself, and were called only since: what the registry has
 * forgotten, or a restart in another place, the metrics know better. Sums of a long time do not say when; what is more
 * than the last 15 minutes' does.
 */
function joinedVersions(
  names: readonly string[],
  { rows, recent }: Pick<SharesInput, 'rows' | 'recent'>,
  { range, recentRange, remembered, since }: Youth,
): Map<string, number> {
  const byVersion = groupInstances(remembered, ({ version }) => version)
  const requestsOf = (of: readonly RouteRow[], version: string) =>
    of.reduce((sum, row) => (row.version === version ? sum + row.requests : sum), 0)
  return new Map(
    names.flatMap((version) => {
      const at = saidToJoin(joinedWithin(range, byVersion.get(version) ?? []), since)
      if (at === null) return []
      if (at < recentRange.from) return [[version, at]]
      const wasCalled = requestsOf(rows, version) > READ_APART * requestsOf(recent, version)
      return wasCalled || requestsOf(countedSince(recent, at), version) === 0 ? [] : [[version, at]]
    }),
  )
}

const countedSince = (rows: readonly At<RouteRow>[], since: number) => rows.filter(({ at }) => at >= since)

export function versionsOf(input: SharesInput, youth: Youth): { versions: VersionShare[]; sharesSince: number | null } {
  const { versions, sharesSince } = sharesOf(input, youth)
  return {
    sharesSince,
    versions: versions.map(({ totals, instances, ...share }) => ({
      ...totals.golden(spanOf(youth.range, laterOf(youth.since, share.joinedAt))),
      ...share,
      instances: countInstances(instances),
    })),
  }
}
