// traffic.watch: five minutes before and after a change of a route, for the strip that follows an apply.
import { getChange } from '@heddle/db'
import type { Spread } from '@heddle/shared/wire/console'
import type { z } from 'zod'
import { markOf } from '../changes/marks.ts'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'
import type { Mesh } from '../meshCache.ts'
import { shownRoutes } from '../metrics/callersSide.ts'
import { readShownRoutes } from '../metrics/queries.ts'
import { BUCKET_MS, newestEnd, resolveRange } from '../metrics/range.ts'
import { goldenSeries } from '../metrics/series.ts'
import { sumOf } from '../metrics/totals.ts'
import type { GoldenSeries } from '../schemas/numbers.ts'
import type { trafficWatchInputSchema, trafficWatchOutputSchema } from '../schemas/traffic.ts'
import { type RuleAt, risingVersion } from './rising.ts'
import { callsSince, sharesByVersion } from './versionShares.ts'
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
  const routes = await readShownRoutes(console.metrics, range, { destinations: [input.service] })
  const rows = routes.rows.filter(({ route }) => route === input.label)
  // The bucket in which the change came is neither before nor after.
  const before = rows.filter(({ at }) => at + range.stepMs <= change.at)
  const after = rows.filter(({ at }) => at >= change.at)
  const changeStep = Math.floor(change.at / range.stepMs) * range.stepMs
  // The charts wait for whole buckets; how the calls are shared is told by those that still fill, too.
  const { service, label } = input
  const newest = console.control.window.routes(changeStep, change.at + SIDE_MS, (row) => row.destination === service)
  const since = callsSince(
    shownRoutes(newest).filter(({ route }) => route === label),
    change.at,
  )
  const [sharesBefore, sharesNow] = [sharesByVersion(before), sharesByVersion(since)]
  const rule = ruleAt(await console.mesh.current(), service, label)
  const rising = rule === null ? null : risingVersion(change, rule)
  const versions = [
    ...new Set([...rows, ...since, ...(rising === null ? [] : [{ version: rising }])].map(({ version }) => version)),
  ].sort()
  const spread = spreadOf(console, input.revision)
  return {
    change: markOf(change),
    data: routes.data,
    spread:
      spread === undefined
        ? null
        : { acknowledged: spread.acknowledged, holders: spread.holders, lastAckMs: spread.lastAckMs },
    before: sumOf(before).golden(changeStep - range.from),
    after: sumOf(after).golden(Math.max(0, range.to - changeStep - range.stepMs)),
    series: goldenSeries(rows, range, routes.knownFrom),
    rising,
    versions: versions.map((version) => ({
      version,
      share: {
        before: before.length === 0 ? null : (sharesBefore.get(version) ?? 0),
        now: since.length === 0 ? null : (sharesNow.get(version) ?? 0),
      },
      requestsPerSecond: ratesOf(
        goldenSeries(
          rows.filter((row) => row.version === version),
          range,
          routes.knownFrom,
        ),
      ),
    })),
  }
}

const ratesOf = ({ requests, stepMs }: GoldenSeries) =>
  requests.map((count) => (count === null ? null : (count * 1_000) / stepMs))

function ruleAt(mesh: Mesh, service: string, label: string): RuleAt | null {
  const match = winningOrder(mesh, service).find(({ wire }) => wire.label === label)
  if (match === undefined) return null
  const { name } = match.stored.resource.metadata
  const backends = new Map(match.backends.map((backend) => [backend.name, backend]))
  return { route: name, index: match.stored.resource.spec.rules.indexOf(match.rule), backends }
}

/**
 * How far a revision has spread. Of what was changed while no control plane was there none tells: there the proxies that
 * are connected are counted, once the first of them holds it.
 */
function spreadOf({ control }: Console, revision: number): Spread | undefined {
  const told = control.spreads().find((spread) => spread.revision === revision)
  if (told !== undefined) return told
  const connected = [...(control.proxies()?.values() ?? [])].filter((proxy) => proxy.connected)
  const holding = connected.filter((proxy) => proxy.revision !== null && proxy.revision >= revision)
  if (holding.length === 0) return undefined
  return { revision, acknowledged: holding.length, holders: connected.length, lastAckMs: null }
}
