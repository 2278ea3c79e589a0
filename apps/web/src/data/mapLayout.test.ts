import { expect, test } from 'vitest'
import { extendLayout, type Layout, layoutRequest, topologyKey } from './mapLayout.ts'

const edges = [
  { source: 'a', target: 'b' },
  { source: 'a', target: 'c' },
]
const known: Layout = {
  positions: new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 380, y: 0 }],
    ['c', { x: 380, y: 100 }],
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
  expect(place?.x).toBe(380)
  for (const [, at] of known.positions)
    if (at.x === 380) expect(Math.abs((place?.y ?? 0) - at.y)).toBeGreaterThanOrEqual(64)
})

// One that leaves moves nobody either; half of a new mesh is laid out anew.
test('who leaves moves nobody, many newcomers are laid out anew', () => {
  expect(extendLayout(known, { nodes: ['a', 'b'], edges: [] })?.positions.get('b')).toEqual({ x: 380, y: 0 })
  expect(extendLayout(known, { nodes: ['a', 'b', 'x', 'y', 'z'], edges: [] })).toBeNull()
})
