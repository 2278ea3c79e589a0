import type { WireBackend } from '@heddle/shared/wire/config'
export interface WeightedBackends {
  readonly backends: readonly WireBackend[]
}
/** Where one rule's sequence of choices stands; owned by who asks (one for each rule label, kept over config changes). */
export interface SplitState {
  position: number
}
/** `phase` in [0, 1): random in production, so that proxies that begin together do not choose alike. */
export function createSplit(phase: number): SplitState {
  throw new Error(`pending ${phase}`)
}
/** null: no backend has a weight (all zero or none). Steps `state`. */
export function chooseBackend(weighted: WeightedBackends, state: SplitState): WireBackend | null {
  throw new Error(`pending ${weighted.backends.length} ${state.position}`)
}
/** Whether this request is mirrored, for a share in 0–1. Steps `state`; one state for each mirror. */
export function chooseMirrored(share: number, state: SplitState): boolean {
  throw new Error(`pending ${share} ${state.position}`)
}
