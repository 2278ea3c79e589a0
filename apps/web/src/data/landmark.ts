// Which card a map begins at that is larger than its frame. Pure.
import type { MapNode } from '../server/schemas/map.ts'

type Card = Pick<MapNode, 'id' | 'health' | 'golden'>

/**
 * The busiest of the cards in the worst trouble, or of all where none is in trouble; null: there is none. `kept`, the last
 * one, stays while it is there: numbers move, the view does not.
 */
export function landmarkOf(nodes: readonly Card[], kept: string | null): string | null {
  if (nodes.some(({ id }) => id === kept)) return kept
  const [first] = nodes.toSorted(
    (a, b) =>
      trouble(b) - trouble(a) || b.golden.requestsPerSecond - a.golden.requestsPerSecond || (a.id < b.id ? -1 : 1),
  )
  return first?.id ?? null
}

function trouble({ health: { state } }: Card): number {
  return state === 'failing' ? 2 : state === 'degraded' ? 1 : 0
}
