// The map's sentences: its title, and what a service or an edge is called aloud. Pure.
import type { MapEdge, MapGetOutput, MapNode } from '../server/schemas/map.ts'
import { carriedText, formatLatency, formatRate, formatSuccess, NBSP, plural, quantityText } from './numbers.ts'

/** Cards and edges are judged each by their own: a service is in trouble by one version, or by what outsiders call, too. */
export function mapTitle({ all }: Pick<MapGetOutput, 'all'>): string {
  if (all.edges === 0) return 'No calls in this range'
  const { services, troubled } = all.carded
  if (troubled === 0) return edgesText(all)
  const cards = `${troubled} of ${plural(services, 'service')} ${troubled === 1 ? 'needs' : 'need'} attention`
  const edges = edgesText(all)
  return `${cards}; ${edges.charAt(0).toLowerCase()}${edges.slice(1)}`
}

function edgesText({ edges: count, troubled }: MapGetOutput['all']): string {
  const edges = plural(count, 'edge')
  if (troubled === 0) return count === 1 ? 'The one edge meets its objective' : `All ${edges} meet their objectives`
  // Those that are slow fail nothing.
  return `${troubled} of ${edges} ${troubled === 1 ? 'misses its objective' : 'miss their objectives'}`
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

/** "99.98 %", "12.3 rps", "p99 42.0 ms", in the order of every page; of TCP what it carried in place of the p99. */
export function goldenTexts({ golden, bytesPerSecond }: Pick<MapEdge, 'golden' | 'bytesPerSecond'>): string[] {
  const { successRate, latencyMs } = golden
  return [
    ...(successRate === null ? [] : [`${formatSuccess(successRate)}${NBSP}%`]),
    volumeText({ golden, bytesPerSecond }),
    ...(bytesPerSecond !== null
      ? [carriedText(bytesPerSecond)]
      : latencyMs.p99 === null
        ? []
        : [`p99${NBSP}${quantityText(formatLatency(latencyMs.p99))}`]),
  ]
}

/** "12.3 rps"; of TCP "0.42 conn/s". */
export function volumeText({ golden, bytesPerSecond }: Pick<MapEdge, 'golden' | 'bytesPerSecond'>): string {
  return quantityText(formatRate(golden.requestsPerSecond, bytesPerSecond === null ? 'rps' : 'conn/s'))
}
