import { expect, test } from 'vitest'
import {
  addable,
  backendsInWords,
  backendsOf,
  currentDraft,
  type DraftAct,
  type DraftState,
  EMPTY_DRAFT,
  MOST_BACKENDS,
  onTopOf,
  reduceDraft,
  remaining,
  storedDraft,
  weightsOf,
  whyKept,
} from './splitDraft.ts'

const TWO = [
  { name: 'catalog-v1', weight: 90 },
  { name: 'catalog-v2', weight: 10 },
]
const THREE = [
  { name: 'a', weight: 60 },
  { name: 'b', weight: 30 },
  { name: 'c', weight: 10 },
]

type Bare = DraftAct extends infer Act ? (Act extends DraftAct ? Omit<Act, 'stored'> : never) : never
function after(stored: typeof TWO, ...acts: Bare[]): DraftState {
  return acts.reduce<DraftState>((state, act) => reduceDraft(state, { ...act, stored } as DraftAct), EMPTY_DRAFT)
}
const shares = (state: DraftState) => state.draft?.map(({ name, share, state: is }) => `${name} ${share} ${is}`) ?? null

// A new backend begins with nothing, so that adding it alone sends nobody anywhere.
test('a backend is added with nothing', () => {
  const added = after(TWO, { type: 'add', name: 'catalog-v3' })
  expect(shares(added)).toEqual(['catalog-v1 90 kept', 'catalog-v2 10 kept', 'catalog-v3 0 added'])
  const moved = after(TWO, { type: 'add', name: 'catalog-v3' }, { type: 'move', name: 'catalog-v3', to: 20 })
  expect(shares(moved)).toEqual(['catalog-v1 72 kept', 'catalog-v2 8 kept', 'catalog-v3 20 added'])
  expect(after(TWO, { type: 'add', name: 'catalog-v2' })).toEqual(EMPTY_DRAFT)
})

// A removed backend's share goes to the others in proportion, and back to it when it is put back.
test('a backend is taken out and put back', () => {
  const removed = after(THREE, { type: 'remove', name: 'c' })
  expect(shares(removed)).toEqual(['a 67 kept', 'b 33 kept', 'c 0 removed'])
  expect(remaining(removed.draft ?? []).map(({ name }) => name)).toEqual(['a', 'b'])
  expect(after(THREE, { type: 'remove', name: 'c' }, { type: 'restore', name: 'c' }).draft).toBe(null)
  expect(shares(after(THREE, { type: 'remove', name: 'c' }, { type: 'move', name: 'c', to: 50 }))).toEqual(
    shares(removed),
  )
})

// Locked shares stay as they are when another backend goes.
test('locks hold while a backend is taken out', () => {
  const state = after(THREE, { type: 'lock', name: 'a' }, { type: 'remove', name: 'c' })
  expect(shares(state)).toEqual(['a 60 kept', 'b 40 kept', 'c 0 removed'])
  const stuck = after(THREE, { type: 'lock', name: 'a' }, { type: 'lock', name: 'b' }, { type: 'remove', name: 'c' })
  expect(stuck.draft).toBe(null)
  expect(whyKept(storedDraft(THREE), ['a', 'b'], 'c')).toMatch(/locked/)
})

// The last backend stays: a split without one answers nothing.
test('the last backend cannot be taken out', () => {
  const one = after(TWO, { type: 'remove', name: 'catalog-v2' })
  expect(shares(one)).toEqual(['catalog-v1 100 kept', 'catalog-v2 0 removed'])
  expect(whyKept(one.draft ?? [], [], 'catalog-v1')).toMatch(/last/)
  expect(reduceDraft(one, { type: 'remove', name: 'catalog-v1', stored: TWO })).toBe(one)
})

// An added backend that is taken out again is gone without a trace, and its share is back where it came from.
test('an added backend is taken out again', () => {
  const state = after(
    TWO,
    { type: 'add', name: 'catalog-v3' },
    { type: 'move', name: 'catalog-v3', to: 50 },
    { type: 'remove', name: 'catalog-v3' },
  )
  expect(state.draft).toBe(null)
})

// 999 and 1 are no whole percents: all of it is another split than they are, though both read as a hundred.
test('rounding is not mistaken for what is stored', () => {
  const fine = [
    { name: 'a', weight: 999 },
    { name: 'b', weight: 1 },
  ]
  expect(after(fine, { type: 'move', name: 'a', to: 100 }).draft).not.toBe(null)
  expect(after(TWO, { type: 'move', name: 'catalog-v2', to: 10 }).draft).toBe(null)
})

test('no more backends than the API takes', () => {
  const many = Array.from({ length: MOST_BACKENDS }, (_, i) => ({ name: `v${i}`, weight: 1 }))
  expect(after(many, { type: 'add', name: 'one-more' }).draft).toBe(null)
})

// Whatever is added, removed, moved and locked in whatever order: the shares add to 100, none is negative, what is taken
// out has nothing, and at least one backend is left.
test('every sequence of acts leaves a whole split', () => {
  let seed = 7
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return seed % below
  }
  const names = ['a', 'b', 'c', 'd', 'e']
  for (let round = 0; round < 500; round++) {
    let state = EMPTY_DRAFT
    for (let step = 0; step < 20; step++) {
      const name = names[random(names.length)] ?? 'a'
      const type = (['move', 'lock', 'add', 'remove', 'restore'] as const)[random(5)] ?? 'move'
      const act: DraftAct =
        type === 'move' ? { type, name, to: random(121) - 10, stored: THREE } : { type, name, stored: THREE }
      state = reduceDraft(state, act)
      const rows = state.draft ?? storedDraft(THREE)
      expect(rows.reduce((sum, { share }) => sum + share, 0)).toBe(100)
      expect(rows.every(({ share, state: is }) => share >= 0 && (is !== 'removed' || share === 0))).toBe(true)
      expect(remaining(rows).length).toBeGreaterThan(0)
    }
  }
})

// A draft is of the backends that it was made from: when these become others, it means nothing any more.
test('a draft ends when the stored backends change', () => {
  const state = after(TWO, { type: 'move', name: 'catalog-v2', to: 40 })
  expect(currentDraft(state, TWO)).toBe(state.draft)
  expect(currentDraft(state, [...TWO, { name: 'catalog-v3', weight: 0 }])).toBe(null)
  expect(currentDraft(state, [{ name: 'catalog-v9', weight: 90 }, ...TWO.slice(1)])).toBe(null)
})

// Of two people who change the list of backends, the second keeps what both wanted: nothing of the first's goes unseen.
test('a refused draft on top of the newest', () => {
  const mine = after(TWO, { type: 'add', name: 'catalog-v3' }, { type: 'move', name: 'catalog-v3', to: 20 }).draft ?? []
  const theirs = [...TWO, { name: 'catalog-v4', weight: 5 }]
  expect(onTopOf(mine, theirs)).toEqual([
    { name: 'catalog-v1', share: 72, state: 'kept' },
    { name: 'catalog-v2', share: 8, state: 'kept' },
    { name: 'catalog-v4', share: 0, state: 'kept' },
    { name: 'catalog-v3', share: 20, state: 'added' },
  ])
  expect(onTopOf(mine, TWO.slice(0, 1)).map(({ name, state }) => `${name} ${state}`)).toEqual([
    'catalog-v1 kept',
    'catalog-v2 added',
    'catalog-v3 added',
  ])
  const removing = after(TWO, { type: 'remove', name: 'catalog-v2' }).draft ?? []
  expect(onTopOf(removing, TWO)).toEqual(removing)
  expect(onTopOf(removing, TWO.slice(0, 1))).toEqual([{ name: 'catalog-v1', share: 100, state: 'kept' }])
})

test('what a draft does, in words', () => {
  const state = after(TWO, { type: 'add', name: 'catalog-v3' }, { type: 'remove', name: 'catalog-v2' })
  expect(backendsInWords(state.draft ?? [])).toBe('Adds catalog-v3. Takes out catalog-v2.')
  expect(backendsInWords(storedDraft(TWO))).toBe('')
})

// What is sent names every backend that is left, and which came and went; what is not measured yet says so.
test('a draft as the API takes it', () => {
  const acts: Bare[] = [
    { type: 'add', name: 'catalog-v3' },
    { type: 'move', name: 'catalog-v3', to: 50 },
    { type: 'remove', name: 'catalog-v2' },
  ]
  const draft = after(TWO, ...acts).draft ?? []
  expect(weightsOf(draft)).toEqual({
    weights: [
      { backend: 'catalog-v1', weight: 47 },
      { backend: 'catalog-v3', weight: 53 },
    ],
    added: ['catalog-v3'],
    removed: ['catalog-v2'],
  })
  const names = [{ name: 'catalog-v3', service: 'catalog', version: 'v3', instances: { ready: 1, all: 2 } }]
  const [, , added] = backendsOf(draft, [], names)
  expect(added).toMatchObject({ version: 'v3', percent: 0, instances: { ready: 1 }, golden: { successRate: null } })
  expect(backendsOf(draft, [], []).at(-1)).toMatchObject({ service: null, instances: { all: 0 } })
})

// The versions of the service itself come first, and nothing that is in the split already, taken out or not.
test('what can be added', () => {
  const instances = { ready: 1, all: 1 }
  const names = [
    { name: 'cart', service: 'cart', version: null, instances },
    { name: 'catalog', service: 'catalog', version: null, instances },
    { name: 'catalog-v2', service: 'catalog', version: 'v2', instances },
    { name: 'catalog-v3', service: 'catalog', version: 'v3', instances },
  ]
  const draft = after(TWO, { type: 'remove', name: 'catalog-v2' }).draft ?? []
  expect(addable(names, draft, 'catalog').map(({ name }) => name)).toEqual(['catalog-v3', 'catalog', 'cart'])
})
