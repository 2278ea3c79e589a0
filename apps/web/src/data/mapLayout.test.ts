import { expect, test } from 'vitest'
import {
  CARD,
  COLUMN_STEP,
  extendLayout,
  firstView,
  type Layout,
  layoutRequest,
  stretched,
  topologyKey,
} from './mapLayout.ts'

const edges = [
  { source: 'a', target: 'b' },
  { source: 'a', target: 'c' },
]
const known: Layout = {
  positions: new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: COLUMN_STEP, y: 0 }],
    ['c', { x: COLUMN_STEP, y: 100 }],
    ['d', { x: 0, y: 100 }],
  ]),
  bends: new Map(),
}

// The same services and edges are the same question, so that they get the same answer in every session.
test('a layout depends on the set alone', () => {
  const one = { nodes: ['a', 'b', 'c'], edges }
  const other = { nodes: ['c', 'b', 'a'], edges: [...edges].reverse() }
  expect(topologyKey(other)).toBe(topologyKey(one))
  expect(layoutRequest(other)).toEqual(layoutRequest(one))
})

// A service that joins moves nobody, and covers nobody.
test('a newcomer finds a free place', () => {
  const nodes = ['a', 'b', 'c', 'd', 'new']
  const next = extendLayout(known, { nodes, edges: [...edges, { source: 'a', target: 'new' }] })
  for (const [id, at] of known.positions) expect(next?.positions.get(id)).toEqual(at)
  const place = next?.positions.get('new')
  expect(place?.x).toBe(COLUMN_STEP)
  for (const [, at] of known.positions)
    if (at.x === COLUMN_STEP) expect(Math.abs((place?.y ?? 0) - at.y)).toBeGreaterThanOrEqual(64)
})

// One that leaves moves nobody either; half of a new mesh is laid out anew.
test('who leaves moves nobody, many newcomers are laid out anew', () => {
  expect(extendLayout(known, { nodes: ['a', 'b'], edges: [] })?.positions.get('b')).toEqual({ x: COLUMN_STEP, y: 0 })
  expect(extendLayout(known, { nodes: ['a', 'b', 'x', 'y', 'z'], edges: [] })).toBeNull()
})

// The picture begins unscaled, so that nothing in it is smaller than on the rest of the page: in the middle where it fits,
// at its left and upper end where it does not.
test('a map begins at its own size', () => {
  const wide = firstView(known, { width: 1_000, height: 500 })
  expect(wide).toEqual({
    x: (1_000 - COLUMN_STEP - CARD.width) / 2,
    y: (500 - 100 - CARD.height) / 2,
    zoom: 1,
    isWhole: true,
  })
  const narrow = firstView(known, { width: 400, height: 500 })
  expect(narrow).toEqual({ x: 10, y: wide.y, zoom: 1, isWhole: false })
  const bent = { ...known, bends: new Map([['a b', [{ x: 200, y: -400 }]]]) }
  expect(firstView(bent, { width: 1_000, height: 500 })).toMatchObject({ y: 410, isWhole: false })
  expect(firstView({ positions: new Map(), bends: new Map() }, { width: 400, height: 500 }).isWhole).toBe(true)
})

// A layout may be empty at its left and upper end: what does not fit begins at a card, and never beyond its own ends.
test('a map that is larger than its frame begins at a card', () => {
  const positions = new Map([
    ['above', { x: 3_000, y: 0 }],
    ['middle', { x: 1_500, y: 2_000 }],
    ['left', { x: 0, y: 4_000 }],
    ['right', { x: 3_000, y: 4_000 }],
  ])
  const size = { width: 1_000, height: 600 }
  const placed = (landmark: string) => {
    const view = firstView({ positions, bends: new Map() }, size, landmark)
    const at = positions.get(landmark) ?? { x: Number.NaN, y: Number.NaN }
    return { x: at.x + view.x, y: at.y + view.y }
  }
  expect(placed('middle')).toEqual({ x: (1_000 - CARD.width) / 2, y: (600 - CARD.height) / 2 })
  expect(placed('left')).toEqual({ x: 10, y: 600 - 10 - CARD.height })
  expect(placed('above')).toEqual({ x: 1_000 - 10 - CARD.width, y: 10 })
  // What fits is in the middle, wherever the card is.
  expect(firstView(known, { width: 1_000, height: 500 }, 'c')).toEqual(firstView(known, { width: 1_000, height: 500 }))
})

// Five columns, as many as the way of a call through the sample shop, fit beside the rail of a window of 1,440 px.
test('five columns fit a usual window', () => {
  const positions = new Map(Array.from({ length: 5 }, (_, i) => [String(i), { x: i * COLUMN_STEP, y: 0 }]))
  expect(firstView({ positions, bends: new Map() }, { width: 1_192, height: 690 }).isWhole).toBe(true)
})

// In a frame with room to spare columns and rows draw apart, no farther than helps; in one without nothing moves.
test('a picture is drawn out to its frame', () => {
  const narrow = { width: COLUMN_STEP + CARD.width, height: 100 + CARD.height }
  expect(stretched(known, narrow)).toEqual(known)
  const wider = { width: COLUMN_STEP * 1.2 + CARD.width + 20, height: narrow.height }
  expect(stretched(known, wider).positions.get('c')?.x).toBeCloseTo(COLUMN_STEP * 1.2)
  expect(firstView(stretched(known, wider), { ...wider, height: 500 }).isWhole).toBe(true)
  expect(stretched(known, { width: 5_000, height: 5_000 }).positions.get('c')).toEqual({ x: COLUMN_STEP * 1.6, y: 160 })
})
