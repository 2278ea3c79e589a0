// services.get: one service's overview in one answer.
import { type Service, serviceSettings } from '@heddle/shared/resources/service'
import type { EdgeRow } from '@heddle/shared/wire/metrics'
import { troubledNumber } from '../../data/trouble.ts'
import { marksBetween } from '../changes/marks.ts'
import { withVersion } from '../config/stored.ts'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'
import type { Mesh, Stored } from '../meshCache.ts'
import { joinedWithin, laterOf, saidToJoin } from '../metrics/joined.ts'
import { lastTraffic } from '../metrics/lastTraffic.ts'
import { mergeStates, readShownEdges, readShownRoutes } from '../metrics/queries.ts'
import { resolveRange, spanOf } from '../metrics/range.ts'
import { roundGolden } from '../metrics/rounding.ts'
import { goldenSeries, sparkline } from '../metrics/series.ts'
import { sumBy, sumOf } from '../metrics/totals.ts'
import type { Range } from '../schemas/numbers.ts'
import type { Edge, ServicesGetOutput } from '../schemas/services.ts'
import { shareUntilTick } from '../sharedAnswers.ts'
import { winningOrder } from '../traffic/winningOrder.ts'
import { countInstances, linksOf, objectiveOf, ownerOf, presenceOf, presentInstances } from './facts.ts'
import {
  causeOf,
  HEALTH_WINDOW_MS,
  judge,
  judgeService,
  type Objective,
  sentenceOf,
  severity,
  troubleSince,
} from './health.ts'
import { instanceRows } from './instances.ts'
import { routeRows } from './routes.ts'
import { versionsOf } from './versions.ts'

/** How far back "degraded for 27 min" looks, and in which steps. */
const TROUBLE_MS = 30 * 60_000
const TROUBLE_STEP_MS = 60_000

/** @throws `not_found` with what exists. */
export function findService(mesh: Mesh, name: string) {
  const stored = mesh.services.get(name)
  if (stored !== undefined) return stored
  const derived = mesh.names.find((known) => known.name === name && known.version !== null)
  throw heddleError(
    'not_found',
    derived === undefined
      ? `There is no service ${name}. Starting one with "heddle run --service ${name} -- …" makes it.`
      : `${name} is version ${derived.version} of ${derived.service}; see the page of ${derived.service}.`,
  )
}

export async function getService(console: Console, name: string, wanted: Range): Promise<ServicesGetOutput> {
  const mesh = await console.mesh.current()
  const stored = findService(mesh, name)
  // Asked for by the head and by the tab below it, at once.
  const read = () => readService(console, mesh, stored, wanted)
  return shareUntilTick(console, mesh, ['services.get', name, wanted], read, 'pages')
}

async function readService(
  console: Console,
  mesh: Mesh,
  stored: Stored<Service>,
  wanted: Range,
): Promise<ServicesGetOutput> {
  const { metrics, control } = console
  const { name } = stored.resource.metadata
  const service = stored.resource
  const now = control.now()
  const range = resolveRange(wanted, now)
  const recentRange = resolveRange({ from: range.to - HEALTH_WINDOW_MS, to: range.to }, now, 10_000)
  const troubleRange = resolveRange({ from: range.to - TROUBLE_MS, to: range.to }, now, TROUBLE_STEP_MS)
  const destinations = [name]
  const total = { total: true }
  const [calls, troubleCalls, recentCalls, routes, recentRoutes, served, outgoing, recentEdges, since, marks] =
    await Promise.all([
      readShownEdges(metrics, range, { destinations }),
      readShownEdges(metrics, troubleRange, { destinations }),
      readShownEdges(metrics, recentRange, { destinations }, total),
      readShownRoutes(metrics, range, { destinations }, total),
      readShownRoutes(metrics, recentRange, { destinations }, total),
      metrics.edges(range, { destinations, side: 'inbound' }, total),
      readShownEdges(metrics, range, { sources: [name] }, total),
      readShownEdges(metrics, recentRange, { service: name }, total),
      metrics.since(),
      console.pulse.readOr(() => marksBetween(console.db, { service: name, from: range.from, to: now }), []),
    ])
  const remembered = mesh.instances.filter((instance) => instance.service === name)
  const joinedAt = joinedWithin(range, remembered, [{ rows: calls.rows, lengthMs: range.stepMs }])
  const spanMs = spanOf(range, laterOf(since, joinedAt))
  const objective = objectiveOf(service, mesh.policy)
  const present = presentInstances(mesh.instances, now)
  const own = present.filter((instance) => instance.service === name)
  const proxies = control.isComplete() ? control.proxies() : null
  const { versions, sharesSince } = versionsOf(
    { rows: routes.rows, recent: recentRoutes.rows, instances: own, objective },
    { range, recentRange, remembered, since },
  )
  const recentTotals = sumOf(recentCalls.rows)
  const presence = presenceOf(mesh, name, own, proxies, { to: range.to, now })
  const judged = judgeService({ totals: recentTotals, objective, versions, instances: presence })
  const settings = serviceSettings(service)
  const isTcp = settings.protocol === 'tcp'
  const isTroubled = judged.state === 'failing' || judged.state === 'degraded'
  const recentByRoute = [...sumBy(recentRoutes.rows, ({ route }) => route)]
  const health = isTroubled
    ? {
        ...judged,
        cause:
          troubledNumber(judged) === 'p99'
            ? null
            : causeOf(recentByRoute.map(([route, totals]) => ({ route: isTcp ? null : route, totals }))),
        since: troubleSince(sparkline(troubleCalls.rows, troubleRange), objective),
      }
    : judged
  const totals = sumOf(calls.rows)
  const last = totals.requests > 0 ? range.to : ((await lastTraffic(metrics, [name], now)).get(name) ?? null)
  return {
    service: name,
    resource: withVersion(stored),
    resourceVersion: String(stored.version),
    owner: ownerOf(service),
    protocol: settings.protocol,
    bytesPerSecond: isTcp ? totals.bytesPerSecond(spanMs) : null,
    joinedAt: saidToJoin(joinedAt, since),
    balancing: settings.balancing,
    objective,
    links: linksOf(service),
    range,
    data: mergeStates([calls.data, routes.data]),
    side: routes.onServer.has(name) ? 'server' : 'callers',
    golden: totals.golden(spanMs),
    serverSide: sumOf(served.rows).golden(spanMs),
    health,
    sentence: sentenceOf(health, recentTotals, now, isTcp ? 'connections' : 'calls'),
    versions,
    sharesSince,
    instanceCount: countInstances(own),
    series: goldenSeries(calls.rows, range, Math.max(calls.knownFrom, joinedAt ?? 0)),
    marks,
    routes: routeRows({
      rows: routes.rows,
      recent: recentRoutes.rows,
      order: winningOrder(mesh, name),
      objective,
      spanMs,
    }),
    callers: edgesOf(
      calls.rows,
      recentEdges.rows.filter(({ destination }) => destination === name),
      ({ source }) => source,
      () => ({ objective, isTcp }),
      spanMs,
    ),
    callees: edgesOf(
      outgoing.rows,
      recentEdges.rows.filter(({ source }) => source === name),
      ({ destination }) => destination,
      (peer) => {
        const callee = mesh.services.get(peer)?.resource
        return {
          objective: objectiveOf(callee, mesh.policy),
          isTcp: callee !== undefined && serviceSettings(callee).protocol === 'tcp',
        }
      },
      spanMs,
    ),
    instances: instanceRows(own, proxies, control.proxies()),
    lastTrafficAt: last,
  }
}

function edgesOf(
  rows: readonly EdgeRow[],
  recent: readonly EdgeRow[],
  peerOf: (edge: EdgeRow) => string,
  called: (peer: string) => { objective: Objective; isTcp: boolean },
  spanMs: number,
): Edge[] {
  const recentTotals = sumBy(recent, peerOf)
  return [...sumBy(rows, peerOf)]
    .map(([peer, totals]) => {
      const { objective, isTcp } = called(peer)
      return {
        peer,
        ...roundGolden(totals.golden(spanMs)),
        bytesPerSecond: isTcp ? totals.bytesPerSecond(spanMs) : null,
        health: judge(recentTotals.get(peer), objective),
      }
    })
    .sort((a, b) => b.requests - a.requests || severity(b.health.state) - severity(a.health.state))
}
