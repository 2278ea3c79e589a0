// Choosing among endpoints that may all be chosen. Which those are is the balancer's to say.
import type { EndpointLoad } from './load.ts'

interface Loaded {
  readonly load: EndpointLoad
}

/**
 * The less loaded of two taken by lot ("power of two choices"): nearly as good as looking at all, and callers that know
 * the same do not all run to the same endpoint.
 */
export function chooseLessLoaded<E extends Loaded>(
  endpoints: readonly E[],
  nowMs: number,
  random: () => number,
): E | undefined {
  const count = endpoints.length
  if (count < 2) return endpoints[0]
  const i = Math.floor(random() * count)
  const next = Math.floor(random() * (count - 1))
  const one = endpoints[i]
  const other = endpoints[next < i ? next : next + 1]
  if (one === undefined || other === undefined) return one ?? other
  return other.load.cost(nowMs) < one.load.cost(nowMs) ? other : one
}

/** `turn` counts up by one with each choice. */
export function chooseInTurn<E>(endpoints: readonly E[], turn: number): E | undefined {
  return endpoints[turn % endpoints.length]
}
