import { expect, test } from 'vitest'
import { moved } from './gridKeys.ts'

const size = { rows: 3, columns: 4 }

// Every cell and every head is reached by keys, nothing lies outside, and the empty corner is no place.
test.each([
  [0, 0, 'ArrowRight', { row: 0, column: 1 }],
  [0, 0, 'ArrowLeft', { row: 0, column: -1 }],
  [0, 0, 'ArrowUp', { row: -1, column: 0 }],
  [0, -1, 'ArrowUp', { row: 0, column: -1 }],
  [-1, 0, 'ArrowLeft', { row: -1, column: 0 }],
  [2, 3, 'ArrowDown', { row: 2, column: 3 }],
  [2, 3, 'Home', { row: 2, column: -1 }],
  [0, 0, 'End', { row: 0, column: 3 }],
  [2, 1, 'PageUp', { row: 0, column: 1 }],
  [0, 1, 'PageDown', { row: 2, column: 1 }],
  [0, 1, 'x', null],
])('from %d, %d by %s', (row, column, key, place) => {
  expect(moved({ row, column }, key, size)).toEqual(place)
})

test('with control, to the ends of the grid', () => {
  expect(moved({ row: 1, column: 1 }, 'End', size, true)).toEqual({ row: 2, column: 3 })
  expect(moved({ row: 1, column: 1 }, 'Home', size, true)).toEqual({ row: 0, column: 0 })
})
