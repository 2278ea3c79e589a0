// traffic.get: a service's rules in winning order, and how each backend has done in the last 15 minutes.

import type { Instance } from '@heddle/db'
import { listMarks } from '@heddle/db'
import { derivedName, routeLabel } from '@heddle/shared/names'
import { serviceSettings } from '@heddle/shared/resources/service'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { sharesOf } from '../../data/shares.ts'
import { lastChangesOf } from '../changes/marks.ts'
import type { Console } from '../console.ts'
import type { Mesh } from '../meshCache.ts'
import { joinedWithin, laterOf, saidToJoin } from '../metrics/joined.ts'
import type { At } from '../metrics/liveWindow.ts'
import { readShownRoutes } from '../metrics/queries.ts'
import { type ReadRange, resolveRange, spanOf } from '../metrics/range.ts'
import { roundGolden } from '../metrics/rounding.ts'
import { sparkline } from '../metrics/series.ts'
import { sumOf } from '../metrics/totals.ts'
import type { ChangeMark } from '../schemas/numbers.ts'
import type { TrafficBackend, TrafficGetOutput, TrafficRule } from '../schemas/traffic.ts'
import { countInstances, groupInstances, objectiveOf, presentInstances } from '../services/facts.ts'
import { findService } from '../services/get.ts'
import { HEALTH_WINDOW_MS, judge, type Objective } from '../services/health.ts'
import { attribute } from './attribution.ts'
import { rateSince, stepsSince } from './sinceChange.ts'
import { type RankedMatch, winningOrder } from './winningOrder.ts'
import { filterInWords, matchInWords, retryInWords, winsBy } from './words.ts'

/** Thirty points of a quarter of an hour: a service may have a hundred backends. */
const SPARK_STEP_MS = 30_000
/** Changes of a service's routes among which one that proxies still tell of is looked for. */
const CHANGES_READ = 100

export async function getTraffic(console: Console, service: string): Promise<TrafficGetOutput> {
  const mesh = await console.mesh.current()
  const { resource } = findService(mesh, service)
  const now = console.control.now()
  const range = resolveRange({ lastMs: HEALTH_WINDOW_MS }, now, SPARK_STEP_MS)
  const order = winningOrder(mesh, service)
  const [routes, since, lastChanges, changes] = await Promise.all([
    readShownRoutes(console.metrics, range, { destinations: [service] }),
    console.metrics.since(),
    console.pulse.readOr(
      () =>
        lastChangesOf(
          console.db,
          order.map(({ stored }) => stored),
        ),
      new Map(),
    ),
    console.pulse.readOr(() => listMarks(console.db, { limit: CHANGES_READ, service, hasRoute: true }), []),
  ])
  const objective = objectiveOf(resource, mesh.policy)
  const present = presentInstances(mesh.instances, now)
  const byService = groupInstances(present, (instance) => instance.service)
  const versions = new Set((byService.get(service) ?? []).map(({ version }) => version))
  for (const known of mesh.names) if (known.service === service && known.version !== null) versions.add(known.version)
  const joinedAt = joinedWithin(
    range,
    mesh.instances.filter((instance) => instance.service === service),
    [{ rows: routes.rows, lengthMs: range.stepMs }],
  )
  const context = {
    rows: routes.rows,
    knownFrom: routes.knownFrom,
    range,
    since,
    spanMs: spanOf(range, laterOf(since, joinedAt)),
    byService,
    remembered: mesh.instances,
    objective,
    lastChanges,
  }
  return {
    service,
    protocol: serviceSettings(resource).protocol,
    objective,
    // The range begins with a whole step of its sparklines: up to half a minute earlier, which nobody needs to read.
    windowMs: HEALTH_WINDOW_MS,
    data: routes.data,
    kind: order[0]?.stored.resource.kind ?? (resource.spec?.protocol === 'grpc' ? 'GRPCRoute' : 'HTTPRoute'),
    ignored: ignoredRoutes(mesh, service),
    rules: order.map((match, place) => ruleOf(match, order[place + 1], context)),
    versions: [...versions]
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map((version) => ({
        version,
        backend: derivedName(service, version),
        instances: countInstances((byService.get(service) ?? []).filter((instance) => instance.version === version)),
      })),
    holders: holdersOf(console, changes),
  }
}

function ignoredRoutes({ routes, routesOf }: Mesh, service: string): string[] {
  const held = new Set(routesOf.get(service))
  return [...routes.values()]
    .filter((stored) => !held.has(stored) && stored.resource.spec.parentRefs.some(({ name }) => name === service))
    .map(({ resource }) => resource.metadata.name)
}

/** How many proxies took the last change of a route that is still remembered: other changes of a service reach others. */
function holdersOf(console: Console, changes: readonly ChangeMark[]): number | null {
  const ofRoutes = new Set(changes.map(({ revision }) => revision))
  return console.control.spreads().find(({ revision }) => ofRoutes.has(revision))?.holders ?? null
}

interface Context {
  rows: readonly At<RouteRow>[]
  knownFrom: number
  range: ReadRange
  /** Start of the first data there is (see spanOf). */
  since: number | null
  /** In which the service can have been called. */
  spanMs: number
  byService: ReadonlyMap<string, Instance[]>
  /** Every instance that the registry remembers, also those that are gone. */
  remembered: readonly Instance[]
  objective: Objective
  lastChanges: ReadonlyMap<number, ChangeMark>
}

function ruleOf(match: RankedMatch, next: RankedMatch | undefined, context: Context): TrafficRule {
  const { candidate, wire, stored, ruleName } = match
  const route = stored.resource.metadata.name
  const label = routeLabel(route, ruleName)
  const rows = context.rows.filter((row) => row.route === label)
  const attributions = attribute(match.backends, (service) =>
    (context.byService.get(service) ?? []).map(({ version }) => version),
  )
  const lastChange = context.lastChanges.get(stored.revision) ?? null
  const since = stepsSince(context.range, lastChange?.at ?? null)
  const percents = sharesOf(match.backends.map(({ weight }) => weight))
  return {
    kind: stored.resource.kind,
    route,
    rule: ruleName,
    label,
    match: matchInWords(candidate.match),
    pathType: candidate.match.path.type,
    winsBy: winsBy(candidate, next?.candidate),
    resourceVersion: String(stored.version),
    total: match.backends.reduce((sum, { weight }) => sum + weight, 0),
    backends: match.backends.map((backend, i): TrafficBackend => {
      const { versions, isDistinct } = attributions[i] ?? { versions: new Set<string>(), isDistinct: false }
      const own = rows.filter((row) => versions.has(row.version))
      const totals = sumOf(own)
      const isOwn = ({ service, version }: Instance) =>
        service === backend.service && (backend.version === null || version === backend.version)
      const instances = (context.byService.get(backend.service ?? '') ?? []).filter(isOwn)
      const counted = { rows: own, lengthMs: context.range.stepMs }
      const joinedAt = joinedWithin(context.range, context.remembered.filter(isOwn), [counted])
      return {
        ...backend,
        percent: percents[i] ?? 0,
        instances: countInstances(instances),
        isDistinct,
        joinedAt: saidToJoin(joinedAt, context.since),
        golden: roundGolden(totals.golden(spanOf(context.range, laterOf(context.since, joinedAt)))),
        rateSinceChange: since === null ? null : rateSince(own, since, context.range),
        spark: sparkline(own, context.range, context.knownFrom),
        health: judge(totals, context.objective),
      }
    }),
    retryPolicy: retryInWords(wire),
    timeoutMs: wire.timeouts.requestMs,
    filters: wire.filters.map(filterInWords),
    golden: roundGolden(sumOf(rows).golden(context.spanMs)),
    lastChange,
    isFresh: since !== null,
  }
}
