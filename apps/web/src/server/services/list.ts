// services.list: the Services page in one answer, in a fixed number of reads however many services there are. All rows are
// computed, once between two ticks; sent are those in sight.
import { EGRESS_DESTINATION } from '@heddle/shared/names'
import { serviceSettings } from '@heddle/shared/resources/service'
import type { EdgeRow, RouteRow } from '@heddle/shared/wire/metrics'
import { troubledNumber } from '../../data/trouble.ts'
import { changeMarks } from '../changes/marks.ts'
import type { Console } from '../console.ts'
import type { Mesh } from '../meshCache.ts'
import { joinedWithin, laterOf, saidToJoin } from '../metrics/joined.ts'
import { lastTraffic } from '../metrics/lastTraffic.ts'
import type { At } from '../metrics/liveWindow.ts'
import { mergeStates, readShownEdges, readShownRoutes } from '../metrics/queries.ts'
import { type ReadRange, resolveRange, spanOf } from '../metrics/range.ts'
import { roundGolden, roundTo } from '../metrics/rounding.ts'
import { sparkline, sparklinesBy, volumeSpark } from '../metrics/series.ts'
import { sumBy, sumOf, Totals } from '../metrics/totals.ts'
import type { Range } from '../schemas/numbers.ts'
import type { ServiceRow, ServicesListInput, ServicesListOutput } from '../schemas/services.ts'
import { shareUntilTick } from '../sharedAnswers.ts'
import { closestToObjective } from './closest.ts'
import { countInstances, groupInstances, objectiveOf, ownerOf, presenceOf, presentInstances } from './facts.ts'
import { causeOf, HEALTH_WINDOW_MS, judgeService, severity, troubleSince } from './health.ts'
import { type ServiceList, viewOf } from './listView.ts'
import { sharesOf } from './versions.ts'

const SPARK_MS = 30 * 60_000
const CHANGES_SHOWN = 5
const WORST_SHOWN = 3
const SHARE_FIGURES = 4

/** A thumbnail of a thousand services is read minute by minute, one of a few in finer steps. */
const sparkStep = (services: number): number => (services > 200 ? 60_000 : 20_000)

export async function listServices(console: Console, input: ServicesListInput): Promise<ServicesListOutput> {
  const mesh = await console.mesh.current()
  const [list, changes] = await Promise.all([
    shareUntilTick(console, mesh, ['services.list', input.range], () => readList(console, mesh, input.range)),
    console.pulse.readOr(() => changeMarks(console.db, { limit: CHANGES_SHOWN }), []),
  ])
  return { ...viewOf(list, input), changes }
}

async function readList(console: Console, mesh: Mesh, wanted: Range): Promise<ServiceList> {
  const { metrics, control } = console
  const now = control.now()
  const range = resolveRange(wanted, now)
  const beforeRange = { ...range, from: range.from - (range.to - range.from), to: range.from }
  const sparkRange = resolveRange({ from: range.to - SPARK_MS, to: range.to }, now, sparkStep(mesh.services.size))
  const recentRange = resolveRange({ from: range.to - HEALTH_WINDOW_MS, to: range.to }, now, 10_000)
  const total = { total: true }
  const names = [...mesh.services.keys()]
  const called = { by: 'destination' } as const
  const ofMesh = { by: 'mesh', inside: true } as const
  const [edges, before, meshSpark, sparkEdges, routes, recentEdges, recentRoutes, since] = await Promise.all([
    readShownEdges(metrics, range, called, total),
    readShownEdges(metrics, beforeRange, ofMesh, total),
    readShownEdges(metrics, sparkRange, ofMesh),
    readShownEdges(metrics, sparkRange, { ...called, counts: true }),
    readShownRoutes(metrics, range, { by: 'version', counts: true }, total, names),
    readShownEdges(metrics, recentRange, called, total),
    readShownRoutes(metrics, recentRange, {}, total, names),
    metrics.since(),
  ])
  const spanMs = spanOf(range, since)
  const inside = (edge: EdgeRow) => edge.destination !== EGRESS_DESTINATION
  const totals = sumBy(edges.rows, ({ destination }) => destination)
  const idle = names.filter((service) => (totals.get(service)?.requests ?? 0) === 0)
  const rows = rowsOf(console, mesh, {
    now,
    since,
    range,
    recentRange,
    totals,
    recentTotals: sumBy(recentEdges.rows, ({ destination }) => destination),
    routes: byDestination(routes.rows),
    recentRoutes: byDestination(recentRoutes.rows),
    sparkRange,
    sparkEdges: sparkEdges.rows,
    knownFrom: sparkEdges.knownFrom,
    lastTrafficAt: await lastTraffic(metrics, idle, now),
  })
  const troubled = rows.filter(({ health }) => health.state === 'failing' || health.state === 'degraded')
  return {
    range,
    data: mergeStates([edges.data, routes.data]),
    mesh: {
      ...sumOf(edges.rows.filter(inside)).golden(spanMs),
      spark: sparkline(meshSpark.rows, sparkRange, meshSpark.knownFrom),
      before: sumOf(before.rows).golden(spanOf(beforeRange, since)),
    },
    closest: closestToObjective(rows),
    worst: troubled.slice(0, WORST_SHOWN).map(({ service, health }) => ({ service, health })),
    attention: troubled.length,
    rows,
  }
}

interface Numbers {
  now: number
  /** Start of the first data there is (see spanOf). */
  since: number | null
  range: ReadRange
  recentRange: ReadRange
  totals: ReadonlyMap<string, Totals>
  recentTotals: ReadonlyMap<string, Totals>
  routes: ReadonlyMap<string, RouteRow[]>
  recentRoutes: ReadonlyMap<string, At<RouteRow>[]>
  sparkRange: ReadRange
  sparkEdges: readonly At<EdgeRow>[]
  knownFrom: number
  lastTrafficAt: ReadonlyMap<string, number>
}

function rowsOf(console: Console, mesh: Mesh, numbers: Numbers): ServiceRow[] {
  const proxies = console.control.isComplete() ? console.control.proxies() : null
  const instances = groupInstances(presentInstances(mesh.instances, numbers.now), ({ service }) => service)
  const remembered = groupInstances(mesh.instances, ({ service }) => service)
  const sparkRows = Map.groupBy(numbers.sparkEdges, ({ destination }) => destination)
  const sparks = sparklinesBy(
    numbers.sparkEdges,
    numbers.sparkRange,
    ({ destination }) => destination,
    numbers.knownFrom,
  )
  const rows = [...mesh.services.values()].map(({ resource }): ServiceRow => {
    const service = resource.metadata.name
    const objective = objectiveOf(resource, mesh.policy)
    const own = instances.get(service) ?? []
    const recentRows = numbers.recentRoutes.get(service) ?? []
    const known = remembered.get(service) ?? []
    const { versions, sharesSince } = sharesOf(
      { rows: numbers.routes.get(service) ?? [], recent: recentRows, instances: own, objective },
      { range: numbers.range, recentRange: numbers.recentRange, remembered: known, since: numbers.since },
    )
    const joinedAt = joinedWithin(numbers.range, known, [
      { rows: sparkRows.get(service) ?? [], lengthMs: numbers.sparkRange.stepMs },
    ])
    const spanMs = spanOf(numbers.range, laterOf(numbers.since, joinedAt))
    const { protocol } = serviceSettings(resource)
    const spark = sparks.get(service) ?? null
    const judged = judgeService({
      totals: numbers.recentTotals.get(service),
      objective,
      versions,
      instances: presenceOf(mesh, service, own, proxies, { to: numbers.range.to, now: numbers.now }),
    })
    const isTroubled = judged.state === 'failing' || judged.state === 'degraded'
    const byRoute = isTroubled ? [...sumBy(recentRows, ({ route }) => route)] : []
    const totals = numbers.totals.get(service) ?? new Totals()
    return {
      service,
      owner: ownerOf(resource),
      ...roundGolden(totals.golden(spanMs)),
      protocol,
      bytesPerSecond: protocol === 'tcp' ? totals.bytesPerSecond(spanMs) : null,
      joinedAt: saidToJoin(joinedAt, numbers.since),
      health: isTroubled
        ? {
            ...judged,
            cause:
              troubledNumber(judged) === 'p99'
                ? null
                : causeOf(byRoute.map(([route, sum]) => ({ route: protocol === 'tcp' ? null : route, totals: sum }))),
            since: spark === null ? null : troubleSince(spark, objective),
          }
        : judged,
      objective,
      spark: spark === null ? null : volumeSpark(spark, objective.successRate),
      versions: versions.map(({ version, share, health }) => ({
        version,
        share: roundTo(share, SHARE_FIGURES),
        state: health.state,
      })),
      sharesSince,
      instances: countInstances(own),
      lastTrafficAt: totals.requests > 0 ? numbers.range.to : (numbers.lastTrafficAt.get(service) ?? null),
    }
  })
  return rows.sort(
    (a, b) =>
      severity(b.health.state) - severity(a.health.state) ||
      (b.health.reason === null ? 0 : b.failures - a.failures) ||
      b.requests - a.requests ||
      a.service.localeCompare(b.service),
  )
}

function byDestination<Row extends RouteRow>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.destination)
    if (group === undefined) groups.set(row.destination, [row])
    else group.push(row)
  }
  return groups
}
