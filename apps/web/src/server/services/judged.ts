// The health of every service over the last 15 minutes of a range, as the Services page has it, for those that need
// nothing more: the map, and the number beside "Services" in the rail.
import type { EdgeRow, RouteRow } from '@heddle/shared/wire/metrics'
import type { Console } from '../console.ts'
import type { Mesh } from '../meshCache.ts'
import type { At } from '../metrics/liveWindow.ts'
import { readShownEdges, readShownRoutes } from '../metrics/queries.ts'
import { resolveRange } from '../metrics/range.ts'
import { sumBy } from '../metrics/totals.ts'
import type { Health, Range } from '../schemas/numbers.ts'
import { shareUntilTick } from '../sharedAnswers.ts'
import { groupInstances, objectiveOf, presenceOf, presentInstances } from './facts.ts'
import { HEALTH_WINDOW_MS, judgeService } from './health.ts'
import { sharesOf } from './versions.ts'

export interface Judged {
  health: ReadonlyMap<string, Health>
  /** The calls that it was judged on. */
  recentEdges: readonly EdgeRow[]
}

/** As of `to`, milliseconds since the epoch; not to be changed, for others get the same. */
export function judgeServices(console: Console, mesh: Mesh, to: number): Promise<Judged> {
  return shareUntilTick(console, mesh, ['judged', to], () => judge(console, mesh, to))
}

async function judge(console: Console, mesh: Mesh, to: number): Promise<Judged> {
  const now = console.control.now()
  const range = resolveRange({ from: to - HEALTH_WINDOW_MS, to }, now, 10_000)
  const [edges, routes] = await Promise.all([
    readShownEdges(console.metrics, range, {}, { total: true }),
    readShownRoutes(console.metrics, range, { by: 'version' }, { total: true }, [...mesh.services.keys()]),
  ])
  const totals = sumBy(edges.rows, ({ destination }) => destination)
  const byService = Map.groupBy(routes.rows, ({ destination }: At<RouteRow>) => destination)
  const instances = groupInstances(presentInstances(mesh.instances, now), ({ service }) => service)
  const proxies = console.control.isComplete() ? console.control.proxies() : null
  const health = new Map<string, Health>()
  for (const [service, { resource }] of mesh.services) {
    const own = instances.get(service) ?? []
    const objective = objectiveOf(resource, mesh.policy)
    const rows = byService.get(service) ?? []
    const { versions } = sharesOf({ rows, recent: rows, instances: own, objective })
    const judged = {
      totals: totals.get(service),
      objective,
      versions,
      instances: presenceOf(mesh, service, own, proxies, { to, now }),
    }
    health.set(service, judgeService(judged))
  }
  return { health, recentEdges: edges.rows }
}

export const needsAttention = ({ state }: Health): boolean => state === 'failing' || state === 'degraded'

export async function countAttention(console: Console, wanted: Range): Promise<{ attention: number }> {
  const mesh = await console.mesh.current()
  const { to } = resolveRange(wanted, console.control.now())
  const { health } = await judgeServices(console, mesh, to)
  return { attention: [...health.values()].filter(needsAttention).length }
}
