// map.get: the topology from the real traffic of a range, in a fixed number of reads.
import { serviceSettings } from '@heddle/shared/resources/service'
import type { Console } from '../console.ts'
import { readShownEdges } from '../metrics/queries.ts'
import { resolveRange } from '../metrics/range.ts'
import { readSpans } from '../metrics/spans.ts'
import type { MapGetOutput } from '../schemas/map.ts'
import type { Range } from '../schemas/numbers.ts'
import { objectiveOf, ownerOf } from '../services/facts.ts'
import { findService } from '../services/get.ts'
import { IDLE } from '../services/health.ts'
import { judgeServices } from '../services/judged.ts'
import { graphOf } from './graph.ts'

interface Wanted {
  range: Range
  focus?: string | undefined
  expanded?: readonly string[] | undefined
}

/** @throws `not_found` where the service of `focus` does not exist. */
export async function getMap(console: Console, wanted: Wanted): Promise<MapGetOutput> {
  const mesh = await console.mesh.current()
  if (wanted.focus !== undefined) findService(mesh, wanted.focus)
  const range = resolveRange(wanted.range, console.control.now())
  const [edges, judged, since] = await Promise.all([
    readShownEdges(console.metrics, range, {}, { total: true }),
    judgeServices(console, mesh, range.to),
    console.metrics.since(),
  ])
  const spans = await readSpans(console.metrics, { range, since, instances: mesh.instances })
  const services = [...mesh.services].map(([name, { resource }]) => ({
    name,
    owner: ownerOf(resource),
    isTcp: serviceSettings(resource).protocol === 'tcp',
    health: judged.health.get(name) ?? IDLE,
    objective: objectiveOf(resource, mesh.policy),
  }))
  const graph = graphOf({
    services,
    rows: edges.rows,
    recent: judged.recentEdges,
    spanMsOf: spans.of,
    focus: wanted.focus,
    expanded: wanted.expanded ?? [],
  })
  return { range, data: edges.data, ...graph }
}
