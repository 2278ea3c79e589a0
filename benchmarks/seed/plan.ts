// The made mesh, prepared for counting its calls: a number for each series, and what each call can be. Pure.
import { seededRandom } from '@heddle/testkit/random'
import { type Random, seedOf } from './draw.ts'
import { type Distribution, logNormal } from './latency.ts'
import type { MadeService } from './mesh.ts'

/** A route and version of a service: what a call to it can be. */
export interface Cell {
  service: MadeService
  version: string
  route: string
  method: string
  path: string
  /** Number of its series; one for the callers' side, one for the server's. */
  series: number
  latencies: Distribution
  failing: number
}

export interface Edge {
  series: number
  source: string
  service: MadeService
  /** At the busiest hour. */
  callsPerSecond: number
  /** The caller is nobody that rules let in. */
  isDenied: boolean
  cells: readonly Cell[]
  shares: readonly number[]
}

export interface Incident {
  from: number
  to: number
  /** Share of calls that fail meanwhile. */
  failing: number
}

export interface TrafficPlan {
  edges: readonly Edge[]
  cells: readonly Cell[]
  incidentsOf: ReadonlyMap<string, readonly Incident[]>
}

const INCIDENTS_PER_DAY = 0.05
const STRANGER_SHARE = 0.1
/** A canary that fails more often than its sibling, as they do. */
const CANARY_FAILING = 4

export function planTraffic(services: readonly MadeService[], seed: number, from: number, to: number): TrafficPlan {
  const random = seededRandom(seedOf(seed, 3))
  const edges: Edge[] = []
  const all: Cell[] = []
  const incidentsOf = new Map<string, Incident[]>()
  for (const service of services) {
    const cells: Cell[] = []
    const shares: number[] = []
    for (const route of service.routes)
      for (const [i, { version, share }] of service.versions.entries()) {
        const { label, method, path, medianMs, spread } = route
        const cell: Cell = {
          service,
          version,
          route: label,
          method,
          path,
          series: all.length,
          latencies: logNormal(medianMs * (i === 0 ? 1 : 1.3), spread),
          failing: service.failing * (i === 0 ? 1 : CANARY_FAILING),
        }
        cells.push(cell)
        all.push(cell)
        shares.push(route.share * share)
      }
    for (const { source, share } of service.callers)
      edges.push({
        series: edges.length,
        source,
        service,
        callsPerSecond: service.callsPerSecond * share,
        isDenied: false,
        cells,
        shares,
      })
    const stranger = services[Math.floor(random() * services.length)]
    if (service.isGuarded && service.rank % 5 !== 0 && stranger !== undefined && random() < STRANGER_SHARE)
      edges.push({
        series: edges.length,
        source: stranger.name,
        service,
        callsPerSecond: service.callsPerSecond * 0.01,
        isDenied: true,
        cells,
        shares,
      })
    incidentsOf.set(service.name, incidents(random, from, to, service.rank <= 2))
  }
  return { edges, cells: all, incidentsOf }
}

/** `isOn`: one of them lasts until now. */
function incidents(random: Random, from: number, to: number, isOn: boolean): Incident[] {
  const made: Incident[] = []
  const count = Math.floor(((to - from) / 86_400_000) * INCIDENTS_PER_DAY * 2 * random())
  for (let i = 0; i < count; i++) {
    const begin = from + random() * (to - from)
    made.push({ from: begin, to: begin + (5 + 55 * random()) * 60_000, failing: 0.03 + 0.3 * random() ** 2 })
  }
  if (isOn) made.push({ from: to - 35 * 60_000, to: to + 86_400_000, failing: 0.02 })
  return made
}
