// How the map's edges sort as a table. Pure; inputs are never changed.
import type { MapEdge } from '../server/schemas/map.ts'

export const EDGE_SORTS = ['source', 'target', 'success', 'failed', 'volume', 'p99'] as const
export type EdgeSort = (typeof EDGE_SORTS)[number]

function cellOf({ source, target, golden }: MapEdge, sort: EdgeSort): string | number | null {
  switch (sort) {
    case 'source':
      return source
    case 'target':
      return target
    case 'success':
      return golden.successRate
    case 'failed':
      return golden.failures
    case 'volume':
      return golden.requestsPerSecond
    case 'p99':
      return golden.latencyMs.p99
  }
}

/** No value goes last in both directions. */
export function sortEdges(edges: readonly MapEdge[], sort: EdgeSort, order: 'asc' | 'desc'): MapEdge[] {
  const sign = order === 'asc' ? 1 : -1
  return edges.toSorted((x, y) => {
    const [a, b] = [cellOf(x, sort), cellOf(y, sort)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return a === b ? 0 : a < b ? -sign : sign
  })
}

/** What is worst or most first. */
export function firstOrder(sort: EdgeSort): 'asc' | 'desc' {
  return sort === 'source' || sort === 'target' || sort === 'success' ? 'asc' : 'desc'
}
