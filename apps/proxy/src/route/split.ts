// Weighted choice with low discrepancy: the share is right already for small samples, and stays right for any part of the
// requests. Steps around a circle by an irrational turn (a Weyl sequence), so that a caller whose requests alternate does
// not send one kind of them to one backend, as taking strict turns would.
import type { WireBackend } from '@heddle/shared/wire/config'

export interface WeightedBackends {
  readonly backends: readonly WireBackend[]
  /** Upper end of each backend's part, as a share of the circle; null where no backend has a weight. */
  readonly ends: Float64Array | null
}

/** Where one rule's sequence of choices stands; owned by who asks (one for each rule label, kept over config changes). */
export interface SplitState {
  /** Place on the circle, in 2^-32 turns. */
  position: number
}

/** The golden section: of all turns the one whose multiples lie most evenly. */
const BACKEND_TURN = 0x9e3779b9
/** Square root of 2, less 1. Another turn, so that mirrored requests are not always those of one backend. */
const MIRROR_TURN = 0x6a09e667
const CIRCLE = 2 ** 32

/** `phase` in [0, 1): random in production, so that proxies that begin together do not choose alike. */
export function createSplit(phase: number): SplitState {
  return { position: (phase * CIRCLE) >>> 0 }
}

/** Weights are relative; a backend without weight is never chosen. */
export function compileWeights(backends: readonly WireBackend[]): WeightedBackends {
  const total = backends.reduce((sum, backend) => sum + backend.weight, 0)
  if (total === 0) return { backends, ends: null }
  let reached = 0
  const ends = Float64Array.from(backends, (backend) => {
    reached += backend.weight
    return reached / total
  })
  return { backends, ends }
}

/**
 * null: no backend has a weight (all zero, which is answered like an unresolved one, or none given). Steps `state`; a
 * change of weights only moves the borders, so that what was not moved keeps its share from the first request on.
 */
export function chooseBackend(weighted: WeightedBackends, state: SplitState): WireBackend | null {
  if (weighted.ends === null) return null
  const place = step(state, BACKEND_TURN)
  for (let i = 0; i < weighted.ends.length; i++)
    if (place < (weighted.ends[i] ?? 0)) return weighted.backends[i] ?? null
  return null
}

/** Whether this request is mirrored, for a share in 0–1. Steps `state`; one state for each mirror. */
export function chooseMirrored(share: number, state: SplitState): boolean {
  return step(state, MIRROR_TURN) < share
}

/** The place before the step, in [0, 1). */
function step(state: SplitState, turn: number): number {
  const place = state.position / CIRCLE
  state.position = (state.position + turn) >>> 0
  return place
}
