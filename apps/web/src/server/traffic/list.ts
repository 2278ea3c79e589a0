// traffic.list: the splits of the whole mesh: how far each is, who moved it last and when, how its versions do. Three
// reads, however many services there are.
import { type Instance, type RouteChange, routeChanges } from '@heddle/db'
import { routeLabel } from '@heddle/shared/names'
import { type Route, rulesOf } from '@heddle/shared/resources/anyRoute'
import { DEFAULT_WEIGHT } from '@heddle/shared/resources/httpRoute'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import type { z } from 'zod'
import { isSameSplit } from '../../data/shares.ts'
import type { Console } from '../console.ts'
import type { Mesh } from '../meshCache.ts'
import { readShownRoutes } from '../metrics/queries.ts'
import { resolveRange } from '../metrics/range.ts'
import { roundGolden } from '../metrics/rounding.ts'
import { readSpans, type Spans } from '../metrics/spans.ts'
import { sumBy, sumOf, Totals } from '../metrics/totals.ts'
import type { ChangeMark } from '../schemas/numbers.ts'
import type { Split, trafficListOutputSchema } from '../schemas/routeEdits.ts'
import { groupInstances, objectiveOf, ownerOf, presenceOf, presentInstances } from '../services/facts.ts'
import { HEALTH_WINDOW_MS, judge, judgeService, type Objective, severity } from '../services/health.ts'
import { attribute } from './attribution.ts'
import { type RankedMatch, winningOrder } from './winningOrder.ts'
import { matchInWords } from './words.ts'

/** Changes of split routes among which each split's last move is looked for. */
const CHANGES_READ = 500

export async function listTraffic(console: Console): Promise<z.infer<typeof trafficListOutputSchema>> {
  const mesh = await console.mesh.current()
  const now = console.control.now()
  const range = resolveRange({ lastMs: HEALTH_WINDOW_MS }, now, 10_000)
  const routed = [...mesh.services.values()].filter(({ resource }) => mesh.routesOf.has(resource.metadata.name))
  const orders = new Map(routed.map(({ resource: { metadata } }) => [metadata.name, ordersOf(mesh, metadata.name)]))
  const splitRoutes = new Set(
    [...orders.values()]
      .flat()
      .flatMap(({ stored, backends }) => (isSplit(backends) ? stored.resource.metadata.name : [])),
  )
  const [read, since, changes] = await Promise.all([
    readShownRoutes(console.metrics, range, { destinations: [...orders.keys()] }, { total: true }),
    console.metrics.since(),
    console.pulse.readOr(() => routeChanges(console.db, { names: [...splitRoutes], limit: CHANGES_READ }), []),
  ])
  const rowsOf = groupRows(read.rows)
  const spans = await readSpans(console.metrics, { range, since, instances: mesh.instances })
  const instances = groupInstances(presentInstances(mesh.instances, now), ({ service }) => service)
  const proxies = console.control.isComplete() ? console.control.proxies() : null
  const rows = routed.map(({ resource }) => {
    const service = resource.metadata.name
    const objective = objectiveOf(resource, mesh.policy)
    const own = rowsOf.get(service) ?? []
    const presence = presenceOf(mesh, service, instances.get(service) ?? [], proxies, { to: range.to, now })
    const totals = sumOf(own)
    const versions = [...sumBy(own, ({ version }) => version)].map(([version, sum]) => ({
      version,
      health: judge(sum, objective),
    }))
    const order = orders.get(service) ?? []
    return {
      service,
      owner: ownerOf(resource),
      rules: order.length,
      golden: roundGolden(totals.golden(spans.of(service))),
      health: judgeService({ totals, objective, versions, instances: presence }),
      splits: order
        .filter(({ backends }) => isSplit(backends))
        .map((match) => splitOf(match, { rows: own, instances, objective, changes, spans })),
    }
  })
  return {
    data: read.data,
    windowMs: range.to - range.from,
    rows: rows.sort(
      (a, b) =>
        Number(b.splits.length > 0) - Number(a.splits.length > 0) ||
        (a.splits.length > 0 ? severity(b.health.state) - severity(a.health.state) : 0) ||
        b.golden.requests - a.golden.requests ||
        a.service.localeCompare(b.service),
    ),
    unrouted: mesh.services.size - routed.length,
  }
}

/** Each rule once, in the place of its first match. */
function ordersOf(mesh: Mesh, service: string): RankedMatch[] {
  const seen = new Set<string>()
  return winningOrder(mesh, service).filter(({ wire }) => !seen.has(wire.label) && seen.add(wire.label) !== undefined)
}

const isSplit = (backends: readonly { weight: number }[]): boolean =>
  backends.filter(({ weight }) => weight > 0).length > 1

interface Context {
  rows: readonly RouteRow[]
  instances: ReadonlyMap<string, Instance[]>
  objective: Objective
  changes: readonly RouteChange[]
  spans: Spans
}

const NONE: ReadonlySet<string> = new Set()

function splitOf(match: RankedMatch, { rows, instances, objective, changes, spans }: Context): Split {
  const { stored, ruleName, wire, candidate, backends } = match
  const own = rows.filter(({ route }) => route === wire.label)
  const attributions = attribute(backends, (service) => (instances.get(service) ?? []).map(({ version }) => version))
  return {
    label: routeLabel(stored.resource.metadata.name, ruleName),
    match: matchInWords(candidate.match),
    backends: backends.map(({ name, service, version, weight }, i) => {
      const mine = attributions[i]
      const totals = mine === undefined ? new Totals() : sumOf(own.filter((row) => mine.versions.has(row.version)))
      return {
        name,
        version,
        weight,
        golden:
          mine?.isDistinct === false
            ? null
            : roundGolden(totals.golden(spans.ofVersions(service ?? '', mine?.versions ?? NONE))),
        health: judge(totals, objective),
      }
    }),
    moved: lastMove(changes, stored.resource.metadata.name, ruleName),
  }
}

/** The newest change that left the rule with another split than it found. Pure. */
export function lastMove(changes: readonly RouteChange[], route: string, rule: string): ChangeMark | null {
  const found = changes.find(
    ({ name, before, after }) => name === route && !isAlike(weightsOf(before, rule), weightsOf(after, rule)),
  )
  if (found === undefined) return null
  const { revision, at, actor, summary } = found
  return { revision, at, actor, summary }
}

type Weights = { name: string; weight: number }[]

function weightsOf(route: Route | null, rule: string): Weights {
  const found = (route === null ? [] : rulesOf(route)).find(({ name }) => name === rule)
  return (found?.backendRefs ?? []).map(({ name, weight }) => ({ name, weight: weight ?? DEFAULT_WEIGHT }))
}

const isAlike = (a: Weights, b: Weights): boolean =>
  a.every(({ name }, i) => name === b[i]?.name) &&
  isSameSplit(
    a.map(({ weight }) => weight),
    b.map(({ weight }) => weight),
  )

function groupRows(rows: readonly RouteRow[]): Map<string, RouteRow[]> {
  const groups = new Map<string, RouteRow[]>()
  for (const row of rows) {
    const group = groups.get(row.destination)
    if (group === undefined) groups.set(row.destination, [row])
    else group.push(row)
  }
  return groups
}
