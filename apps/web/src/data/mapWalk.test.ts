import { expect, test } from 'vitest'
import { neighbourhoodOf, stepFrom } from './mapWalk.ts'

const edges = [
  { source: 'front', target: 'cart' },
  { source: 'front', target: 'catalog' },
  { source: 'cart', target: 'catalog' },
]
const positions = new Map([
  ['front', { x: 0, y: 0 }],
  ['cart', { x: 300, y: 0 }],
  ['other', { x: 300, y: 90 }],
  ['catalog', { x: 600, y: 50 }],
])

// Arrows lead along what calls whom, and never to where no edge leads.
test('left and right follow edges', () => {
  expect(stepFrom('front', 'right', edges, positions)).toBe('cart')
  expect(stepFrom('catalog', 'left', edges, positions)).toBe('cart')
  expect(stepFrom('catalog', 'right', edges, positions)).toBeNull()
})

// Up and down stay in the column while there is anybody in it.
test('up and down stay in the column', () => {
  expect(stepFrom('cart', 'down', edges, positions)).toBe('other')
  expect(stepFrom('other', 'up', edges, positions)).toBe('cart')
})

// A neighbourhood is the service with its callers and callees, not theirs.
test('a neighbourhood', () => {
  expect([...neighbourhoodOf('cart', edges)].sort()).toEqual(['cart', 'catalog', 'front'])
})
