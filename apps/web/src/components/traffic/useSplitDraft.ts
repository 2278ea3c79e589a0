// The draft of one split: shares, locks, and where the hand began, so that others keep their proportions however far
// it goes. Nothing here reaches the API.
'use client'
import { useReducer } from 'react'
import { isSameSplit, moveShare } from '@/data/shares'

interface State {
  /** null: nothing is proposed. */
  draft: number[] | null
  locked: boolean[]
  /** The row under the hand and the shares before the hand took it. */
  hand: { index: number; from: number[] } | null
}
type Act =
  | { type: 'move'; now: number[]; weights: number[]; index: number; to: number }
  | { type: 'lock'; index: number; count: number }
  | { type: 'propose'; shares: number[] }
  | { type: 'discard' }

function reduce(state: State, act: Act): State {
  switch (act.type) {
    case 'move': {
      const hand = state.hand?.index === act.index ? state.hand : { index: act.index, from: state.draft ?? act.now }
      const locked = act.now.map((_, i) => state.locked[i] ?? false)
      const draft = moveShare({ from: hand.from, locked, index: act.index, to: act.to })
      return { ...state, hand, draft: isSameSplit(draft, act.weights) ? null : draft }
    }
    case 'lock': {
      const locked = Array.from({ length: act.count }, (_, i) =>
        i === act.index ? !(state.locked[i] ?? false) : (state.locked[i] ?? false),
      )
      return { ...state, locked, hand: null }
    }
    case 'propose':
      return { ...state, draft: act.shares, hand: null }
    case 'discard':
      return { ...state, draft: null, hand: null }
  }
}

/** `now`: shares in whole percent of the stored `weights`, by which a draft is judged to be another split. */
export function useSplitDraft(now: number[], weights: number[]) {
  const [state, act] = useReducer(reduce, { draft: null, locked: [], hand: null })
  // Somebody added or removed a backend meanwhile: a draft of another length means nothing any more.
  const draft = state.draft?.length === now.length ? state.draft : null
  return {
    draft,
    proposed: draft ?? now,
    locked: now.map((_, i) => state.locked[i] ?? false),
    move: (index: number, to: number) => act({ type: 'move', now, weights, index, to }),
    toggleLock: (index: number) => act({ type: 'lock', index, count: now.length }),
    propose: (shares: number[]) => act({ type: 'propose', shares }),
    discard: () => act({ type: 'discard' }),
  }
}
