// Walking the map by keys, and what belongs to one service. Pure.
import type { Point, Topology } from './mapLayout.ts'

export const STEPS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const
export type Step = (typeof STEPS)[keyof typeof STEPS]

/** Left and right go along an edge (to a caller, to a callee: the nearest); up and down to the nearest in the column. */
export function stepFrom(
  id: string,
  step: Step,
  edges: Topology['edges'],
  positions: ReadonlyMap<string, Point>,
): string | null {
  const here = positions.get(id)
  if (here === undefined) return null
  const candidates =
    step === 'left'
      ? edges.filter(({ target }) => target === id).map(({ source }) => source)
      : step === 'right'
        ? edges.filter(({ source }) => source === id).map(({ target }) => target)
        : [...positions.keys()].filter((other) => {
            const y = positions.get(other)?.y ?? here.y
            return step === 'up' ? y < here.y : y > here.y
          })
  const isUpright = step === 'up' || step === 'down'
  const far = (other: string) => {
    const at = positions.get(other) ?? here
    // In a column first: what stands beside counts as much further away.
    return isUpright
      ? Math.abs(at.x - here.x) * 4 + Math.abs(at.y - here.y)
      : Math.abs(at.x - here.x) + Math.abs(at.y - here.y)
  }
  return candidates.toSorted((a, b) => far(a) - far(b) || (a < b ? -1 : 1))[0] ?? null
}

/** The service, those that call it, and those that it calls. */
export function neighbourhoodOf(id: string, edges: Topology['edges']): ReadonlySet<string> {
  const near = new Set([id])
  for (const { source, target } of edges) {
    if (source === id) near.add(target)
    if (target === id) near.add(source)
  }
  return near
}
