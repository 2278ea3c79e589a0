// traffic.watch: five minutes before and after a change of a route, for the strip that follows an apply: of one rule, or of
// the whole service.
import { getChange } from '@heddle/db'
import { rulesOf } from '@heddle/shared/resources/anyRoute'
import type { Spread } from '@heddle/shared/wire/console'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import type { z } from 'zod'
import { markOf } from '../changes/marks.ts'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'
import type { Mesh } from '../meshCache.ts'
import type { At } from '../metrics/liveWindow.ts'
import { readShownRoutes } from '../metrics/queries.ts'
import { BUCKET_MS, newestEnd, resolveRange, spanOf } from '../metrics/range.ts'
import { goldenSeries } from '../metrics/series.ts'
import { sumOf } from '../metrics/totals.ts'
import type { trafficWatchInputSchema, trafficWatchOutputSchema } from '../schemas/traffic.ts'
import { NO_VERSION } from '../services/versions.ts'
import { type RuleAt, risingVersion } from './rising.ts'
import { callsSince, sharesByStep, sharesByVersion } from './versionShares.ts'
import { winningOrder } from './winningOrder.ts'

const SIDE_MS = 5 * 60_000

export async function watchTraffic(
  console: Console,
  input: z.infer<typeof trafficWatchInputSchema>,
): Promise<z.infer<typeof trafficWatchOutputSchema>> {
  const change = await console.pulse.read(() => getChange(console.db, input.revision))
  if (change === null) throw heddleError('not_found', `There is no change ${input.revision}.`)
  const now = console.control.now()
  const to = Math.max(change.at + BUCKET_MS, Math.min(change.at + SIDE_MS, newestEnd(now)))
  const range = resolveRange({ from: change.at - SIDE_MS, to }, now, BUCKET_MS)
  const { service, label } = input
  const routes = await readShownRoutes(console.metrics, range, { destinations: [service] })
  const isWatched = ({ route }: RouteRow) => label === undefined || route === label
  const rows = routes.rows.filter(isWatched)
  // The bucket in which the change came is neither before nor after.
  const changeStep = Math.floor(change.at / range.stepMs) * range.stepMs
  const before = rows.filter(({ at }) => at < changeStep)
  const after = rows.filter(({ at }) => at >= change.at)
  // Totals and rates wait for whole buckets; what does not depend on the length of one is told by those that fill, too.
  // A caller reports all its calls at once. Where the server's side stands in, its instances report one after another, and
  // a step that fills has the share of whoever was first.
  const filling = routes.onServer.has(service)
    ? []
    : console.control.window.routes(
        range.to,
        change.at + SIDE_MS,
        (row) => row.destination === service && row.side === 'outbound' && isWatched(row),
      )
  const untilNow = [...rows, ...filling]
  const end = Math.max(range.to, ...untilNow.map(({ at }) => at + range.stepMs))
  const { successRate, latencyMs } = goldenSeries(untilNow, { ...range, to: end }, routes.knownFrom)
  const since = callsSince(
    untilNow.filter(({ at }) => at >= changeStep),
    change.at,
  )
  const [sharesBefore, sharesNow] = [sharesByVersion(before), sharesByVersion(since)]
  const steps = sharesByStep(untilNow, { ...range, to: end })
  const rule = label === undefined ? null : ruleAt(await console.mesh.current(), service, label)
  const rising = rule === null ? null : risingVersion(change, rule)
  const versions = [
    ...new Set([...untilNow, ...(rising === null ? [] : [{ version: rising }])].map(({ version }) => version)),
  ]
    .filter((version) => version !== NO_VERSION)
    .sort()
  const beforeMs = spanOf({ from: range.from, to: changeStep }, await console.metrics.since())
  const afterMs = Math.max(0, range.to - changeStep - range.stepMs)
  return {
    change: markOf(change),
    data: routes.data,
    spread: spreadOf(console, input.revision),
    before: sumOf(before).golden(beforeMs),
    after: sumOf(after).golden(afterMs),
    series: { from: range.from, stepMs: range.stepMs, successRate, p99Ms: latencyMs.p99 },
    rising,
    versions: versions.map((version) => ({
      version,
      share: {
        before: before.length === 0 ? null : (sharesBefore.get(version) ?? 0),
        now: since.length === 0 ? null : (sharesNow.get(version) ?? 0),
        steps: steps.map((shares) => (shares.size === 0 ? null : (shares.get(version) ?? 0))),
      },
      requestsPerSecond: { before: rateOf(before, version, beforeMs), after: rateOf(after, version, afterMs) },
    })),
  }
}

type Row = At<RouteRow>

function rateOf(rows: readonly Row[], version: string, ms: number): number | null {
  if (ms === 0) return null
  const requests = rows.reduce((sum, row) => sum + (row.version === version ? row.requests : 0), 0)
  return (requests * 1_000) / ms
}

function ruleAt(mesh: Mesh, service: string, label: string): RuleAt | null {
  const match = winningOrder(mesh, service).find(({ wire }) => wire.label === label)
  if (match === undefined) return null
  const { name } = match.stored.resource.metadata
  const backends = new Map(match.backends.map((backend) => [backend.name, backend]))
  return { route: name, index: rulesOf(match.stored.resource).indexOf(match.rule), backends }
}

/**
 * How far a revision has spread. Of what was changed while no control plane was there none tells: there the proxies that
 * are connected are counted, once the first of them holds it.
 */
function spreadOf({ control }: Console, revision: number): Omit<Spread, 'revision'> | null {
  const told = control.spreads().find((spread) => spread.revision === revision)
  if (told !== undefined) return told
  const connected = [...(control.proxies()?.values() ?? [])].filter((proxy) => proxy.connected)
  const holding = connected.filter((proxy) => proxy.revision !== null && proxy.revision >= revision)
  if (holding.length === 0) return null
  return { acknowledged: holding.length, holders: connected.length, lastAckMs: null, ackMs: [] }
}
