// What is read of a card and of the threads on the map; only for that they are drawn anew. Pure.
import type { MapEdge, MapNode } from '../server/schemas/map.ts'
import { volumeText } from './mapText.ts'
import { formatLatency, formatSuccess } from './numbers.ts'

export function shownNode({ golden, bytesPerSecond, health, ...rest }: MapNode) {
  return {
    ...rest,
    health: [health.state, health.reason],
    isSilent: golden.requests === 0,
    success: formatSuccess(golden.successRate),
    volume: volumeText({ golden, bytesPerSecond }),
    p99: formatLatency(golden.latencyMs.p99),
  }
}

/** Its numbers are in its label, where it has one. */
export const shownEdge = ({ isMutualTls, health }: MapEdge) => [isMutualTls, health.state]
