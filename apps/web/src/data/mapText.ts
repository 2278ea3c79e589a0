// The map's sentences: its title, and what a service or an edge is called aloud. Pure.
import type { MapEdge, MapGetOutput, MapNode } from '../server/schemas/map.ts'
import { formatLatency, formatRate, formatSuccess, NBSP, plural, quantityText } from './numbers.ts'

export function mapTitle({ all }: Pick<MapGetOutput, 'all'>): string {
  if (all.edges === 0) return 'No calls in this range'
  const edges = plural(all.edges, 'edge')
  if (all.troubled === 0)
    return all.edges === 1 ? 'The one edge meets its objective' : `All ${edges} meet their objectives`
  return `${all.troubled} of ${edges} fail${all.troubled === 1 ? 's' : ''} more than ${all.troubled === 1 ? 'it' : 'they'} may`
}

export function nodeName({ id, kind, owner }: Pick<MapNode, 'id' | 'kind' | 'owner'>): string {
  switch (kind) {
    case 'public':
      return 'outside the mesh'
    case 'egress':
      return 'egress'
    case 'group':
      return id === 'owner:…' ? 'other owners' : (owner ?? 'no owner')
    case 'service':
      return id
  }
}

/** "99.98 %", "12.3 rps", "p99 42.0 ms", in the order of every page. */
export function goldenTexts({ golden }: Pick<MapEdge, 'golden'>): string[] {
  const { successRate, requestsPerSecond, latencyMs } = golden
  return [
    ...(successRate === null ? [] : [`${formatSuccess(successRate)}${NBSP}%`]),
    quantityText(formatRate(requestsPerSecond)),
    ...(latencyMs.p99 === null ? [] : [`p99${NBSP}${quantityText(formatLatency(latencyMs.p99))}`]),
  ]
}
