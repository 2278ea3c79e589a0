import { expect, test } from 'vitest'
import { heldRows, holdOf } from './heldRows.ts'

interface Row {
  name: string
  hits: number
}
const nameOf = (row: Row) => row.name
const [a, b, c] = ['a', 'b', 'c'].map((name, hits) => Object.freeze({ name, hits })) as [Row, Row, Row]
const reading = (rows: readonly Row[], kept: readonly Row[], open: string | null) =>
  Object.freeze({ rows: Object.freeze(rows), kept: Object.freeze(kept), open, nameOf })

// While a row is edited, other hits reorder nothing, and newcomers go to the end.
test('the order is frozen while one edits', () => {
  const hold = holdOf(null, reading([a, b, c], [a, b, c], 'b'))
  const later = reading([c, b, a], [c, { ...b, hits: 9 }, { name: 'd', hits: 0 }, a], 'b')
  expect(heldRows(hold, later).map(nameOf)).toEqual(['a', 'b', 'c', 'd'])
  expect(heldRows(hold, later)[1]?.hits).toBe(9)
  expect(heldRows(holdOf(hold, { ...later, open: null }), later).map(nameOf)).toEqual(['c', 'b', 'd', 'a'])
})

// Neither a filter nor somebody's deletion takes the open row away; it stays as it was last read.
test('the open row stays', () => {
  const hold = holdOf(null, reading([a, b, c], [a, b, c], 'b'))
  const filtered = reading([a, b, c], [a, c], 'b')
  expect(heldRows(holdOf(hold, filtered), filtered).map(nameOf)).toEqual(['a', 'b', 'c'])
  const gone = reading([a, c], [a, c], 'b')
  expect(heldRows(holdOf(hold, gone), gone)).toEqual([a, b, c])
  expect(heldRows(holdOf(holdOf(hold, gone), { ...gone, open: null }), gone)).toEqual([a, c])
})

// A name that never was opens nothing; the same reading keeps the same hold.
test('a hold', () => {
  const never = reading([a], [a], 'nobody')
  const hold = holdOf(null, never)
  expect(heldRows(hold, never)).toEqual([a])
  expect(holdOf(hold, never)).toBe(hold)
})
