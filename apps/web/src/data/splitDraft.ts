// The draft of one split: the share of every backend, which of them are new and which are taken out, which are locked.
// Backends are known by their names, since the stored ones may become others under the hand. Pure.
import type { BackendName } from '../server/schemas/routeEdits.ts'
import type { TrafficBackend } from '../server/schemas/traffic.ts'
import { isSameSplit, moveShare, shareLimits, sharesOf } from './shares.ts'

/** A backend as it is stored. */
export interface StoredBackend {
  name: string
  /** Relative. */
  weight: number
}

export interface DraftBackend {
  name: string
  /** Whole percent; 0 where it is taken out. */
  share: number
  state: 'kept' | 'added' | 'removed'
}

export interface DraftState {
  /** The stored backends in their order, then the added ones; null: nothing is proposed. */
  draft: readonly DraftBackend[] | null
  locked: readonly string[]
  /** The backend under the hand and the shares before the hand took it: others keep these proportions however far it goes. */
  hand: { name: string; from: readonly number[] } | null
}

export type DraftAct = { stored: readonly StoredBackend[] } & (
  | { type: 'move'; name: string; to: number }
  | { type: 'lock' | 'add' | 'remove' | 'restore'; name: string }
  | { type: 'propose'; draft: readonly DraftBackend[] }
  | { type: 'discard' }
)

/** What `traffic.setWeights` takes at most. */
export const MOST_BACKENDS = 16

export const EMPTY_DRAFT: DraftState = { draft: null, locked: [], hand: null }

/** The stored backends as a draft that changes nothing. */
export function storedDraft(stored: readonly StoredBackend[]): DraftBackend[] {
  const shares = sharesOf(stored.map(({ weight }) => weight))
  return stored.map(({ name }, i) => ({ name, share: shares[i] ?? 0, state: 'kept' }))
}

export const remaining = (draft: readonly DraftBackend[]): DraftBackend[] =>
  draft.filter(({ state }) => state !== 'removed')

/** The draft where it is of these stored backends; null: there is none, or somebody changed which backends there are. */
export function currentDraft(state: DraftState, stored: readonly StoredBackend[]): readonly DraftBackend[] | null {
  const own = state.draft?.filter((backend) => backend.state !== 'added') ?? []
  return own.length === stored.length && own.every(({ name }, i) => name === stored[i]?.name) ? state.draft : null
}

export function reduceDraft(state: DraftState, act: DraftAct): DraftState {
  const rows = currentDraft(state, act.stored) ?? storedDraft(act.stored)
  switch (act.type) {
    case 'move': {
      const index = rows.findIndex(({ name }) => name === act.name)
      if (rows[index] === undefined || rows[index].state === 'removed') return state
      const hand = state.hand?.name === act.name ? state.hand : { name: act.name, from: rows.map(({ share }) => share) }
      const moved = moveShare({ from: hand.from, locked: heldBack(rows, state.locked), index, to: act.to })
      return { ...state, hand, draft: settled(withShares(rows, moved), act.stored) }
    }
    case 'lock': {
      const isLocked = state.locked.includes(act.name)
      const others = state.locked.filter((name) => name !== act.name)
      return { ...state, hand: null, locked: isLocked ? others : [...others, act.name] }
    }
    case 'add': {
      if (rows.length >= MOST_BACKENDS || rows.some(({ name }) => name === act.name)) return state
      return { ...state, hand: null, draft: [...rows, { name: act.name, share: 0, state: 'added' }] }
    }
    case 'remove': {
      if (whyKept(rows, state.locked, act.name) !== null) return state
      const index = rows.findIndex(({ name }) => name === act.name)
      const locked = heldBack(rows, state.locked).with(index, false)
      const dealt = withShares(rows, moveShare({ from: rows.map(({ share }) => share), locked, index, to: 0 }))
      const left = dealt.flatMap((row, i): DraftBackend[] => {
        if (i !== index) return [row]
        return row.state === 'added' ? [] : [{ ...row, state: 'removed' }]
      })
      return {
        draft: settled(left, act.stored),
        hand: null,
        locked: state.locked.filter((name) => name !== act.name),
      }
    }
    case 'restore': {
      const index = rows.findIndex(({ name, state: is }) => name === act.name && is === 'removed')
      if (index === -1) return state
      const kept = rows.map((row, i): DraftBackend => (i === index ? { ...row, state: 'kept' } : row))
      const to = storedDraft(act.stored)[index]?.share ?? 0
      const shares = moveShare({
        from: kept.map(({ share }) => share),
        locked: heldBack(kept, state.locked),
        index,
        to,
      })
      return { ...state, hand: null, draft: settled(withShares(kept, shares), act.stored) }
    }
    case 'propose':
      return { ...state, hand: null, draft: act.draft }
    case 'discard':
      return { ...state, hand: null, draft: null }
  }
}

/** Which shares stay while another is moved: those that are locked, and those that are taken out. */
export function heldBack(rows: readonly DraftBackend[], locked: readonly string[]): boolean[] {
  return rows.map(({ name, state }) => state === 'removed' || locked.includes(name))
}

/** Why a backend cannot be taken out; null: it can. */
export function whyKept(rows: readonly DraftBackend[], locked: readonly string[], name: string): string | null {
  const index = rows.findIndex((row) => row.name === name)
  const row = rows[index]
  if (row === undefined || row.state === 'removed') return 'It is taken out already.'
  if (remaining(rows).length === 1) return 'A split needs a backend: this is its last one.'
  const shares = rows.map(({ share }) => share)
  const [least] = shareLimits(shares, heldBack(rows, locked), index)
  return least > 0 ? 'Nobody could take its share: every other backend is locked.' : null
}

/** The same backends with these shares, in their order. */
export function withShares(rows: readonly DraftBackend[], shares: readonly number[]): DraftBackend[] {
  return rows.map((row, i) => ({ ...row, share: shares[i] ?? 0 }))
}

/** null where it means what is stored. */
function settled(rows: readonly DraftBackend[], stored: readonly StoredBackend[]): readonly DraftBackend[] | null {
  if (rows.some(({ state }) => state !== 'kept')) return rows
  const isSame = isSameSplit(
    rows.map(({ share }) => share),
    stored.map(({ weight }) => weight),
  )
  return isSame ? null : rows
}

/**
 * A refused draft on top of what is stored now, with the same shares. What somebody took out meanwhile and has a share in
 * the draft is added again; what they added gets nothing, and stays.
 */
export function onTopOf(draft: readonly DraftBackend[], stored: readonly StoredBackend[]): DraftBackend[] {
  const own = stored.map(({ name }): DraftBackend => {
    const wanted = draft.find((row) => row.name === name)
    if (wanted?.state === 'removed') return wanted
    return { name, share: wanted?.share ?? 0, state: 'kept' }
  })
  const added = remaining(draft)
    .filter(({ name, share, state }) => (share > 0 || state === 'added') && !stored.some((row) => row.name === name))
    .map(({ name, share }): DraftBackend => ({ name, share, state: 'added' }))
  return [...own, ...added]
}

/** The draft as `traffic.setWeights` takes it. */
export function weightsOf(draft: readonly DraftBackend[]) {
  const named = (state: DraftBackend['state']) => draft.filter((row) => row.state === state).map(({ name }) => name)
  const weights = remaining(draft).map(({ name, share }) => ({ backend: name, weight: share }))
  return { weights, added: named('added'), removed: named('removed') }
}

/** The backends of a draft with what is known of each: nothing has been measured yet of an added one. */
export function backendsOf(
  draft: readonly DraftBackend[],
  stored: readonly TrafficBackend[],
  names: readonly BackendName[],
): TrafficBackend[] {
  return draft.map(({ name }) => stored.find((backend) => backend.name === name) ?? unmeasured(name, names))
}

function unmeasured(name: string, names: readonly BackendName[]): TrafficBackend {
  const known = names.find((one) => one.name === name)
  return {
    name,
    service: known?.service ?? null,
    version: known?.version ?? null,
    weight: 0,
    percent: 0,
    instances: known?.instances ?? { ready: 0, all: 0 },
    isDistinct: true,
    joinedAt: null,
    rateSinceChange: null,
    golden: {
      requests: 0,
      failures: 0,
      requestsPerSecond: 0,
      successRate: null,
      latencyMs: { p50: null, p95: null, p99: null },
    },
    spark: { from: 0, stepMs: 1, requestsPerSecond: [], successRate: [], p99Ms: [] },
    health: { state: 'idle', reason: null, cause: null, since: null },
  }
}

/** What can be added, the versions of the service itself before everything else. */
export function addable(names: readonly BackendName[], draft: readonly DraftBackend[], service: string): BackendName[] {
  const free = names.filter(({ name }) => !draft.some((row) => row.name === name))
  const rank = (one: BackendName) => (one.service !== service ? 2 : one.version === null ? 1 : 0)
  return free.sort((a, b) => rank(a) - rank(b))
}

/** What a draft does to the list of backends, in words: "Adds catalog-v3. Takes out catalog-v2." Empty: nothing. */
export function backendsInWords(draft: readonly DraftBackend[]): string {
  const { added, removed } = weightsOf(draft)
  return [
    ...(added.length > 0 ? [`Adds ${added.join(', ')}.`] : []),
    ...(removed.length > 0 ? [`Takes out ${removed.join(', ')}.`] : []),
  ].join(' ')
}
