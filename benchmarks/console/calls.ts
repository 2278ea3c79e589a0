// Which calls the synthetic proxies report: those that the seeding's plan has for their services. Pure.
import type { FinishedRequest } from '@heddle/proxy/interfaces'
import { upperBoundMs } from '@heddle/shared/histogram'
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import { pickShare, poisson, type Random } from '../seed/draw.ts'
import { drawLatencies } from '../seed/latency.ts'
import type { Edge } from '../seed/plan.ts'

/** So many services, each the one that adds most to what is called, the first first; with their edges. */
export function chooseCallers(edges: readonly Edge[], count: number): Map<string, Edge[]> {
  const bySource = Map.groupBy(
    edges.filter(({ source, isDenied }) => source !== PUBLIC_SOURCE && !isDenied),
    ({ source }) => source,
  )
  const called = new Set<string>()
  const chosen = new Map<string, Edge[]>()
  while (chosen.size < count && bySource.size > 0) {
    const added = (edgesOf: readonly Edge[]) => edgesOf.filter(({ service }) => !called.has(service.name)).length
    const [best] = [...bySource].toSorted((a, b) => added(b[1]) - added(a[1]))
    if (best === undefined) break
    const [source, its] = best
    bySource.delete(source)
    chosen.set(source, its)
    for (const { service } of its) called.add(service.name)
  }
  return chosen
}

/** The calls of one interval, at the rate of the busiest hour, and one at least: a tick then has news of each edge. */
export function* callsOf(edge: Edge, seconds: number, random: Random): Generator<FinishedRequest> {
  for (let left = Math.max(1, poisson(random, edge.callsPerSecond * seconds)); left > 0; left--) {
    const cell = edge.cells[pickShare(random, edge.shares)]
    if (cell === undefined) continue
    const isFailed = random() < cell.failing
    let latencyMs = 0
    drawLatencies(random, 1, cell.latencies, (bucket) => {
      latencyMs = upperBoundMs(bucket)
    })
    yield {
      side: 'outbound',
      source: edge.source,
      destination: edge.service.name,
      version: cell.version,
      route: cell.route,
      outcome: isFailed ? 'serverError' : 'ok',
      meshError: null,
      status: isFailed ? 500 : 200,
      retriesMade: 0,
      retrySkipped: null,
      recovered: false,
      latencyMs,
      bytesIn: 420,
      bytesOut: 2_900,
      method: cell.method,
      path: cell.path,
      authority: edge.service.name,
      upstream: '',
      requestId: '',
      traceId: '',
    }
  }
}
