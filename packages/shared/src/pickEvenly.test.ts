import { expect, test } from 'vitest'
import { pickEvenly } from './pickEvenly.ts'

test('few are all taken, of many the ends and what lies evenly between', () => {
  expect(pickEvenly([], 5)).toEqual([])
  expect(pickEvenly([1, 2, 3], 3)).toEqual([1, 2, 3])
  expect(
    pickEvenly(
      Array.from({ length: 101 }, (_, i) => i),
      5,
    ),
  ).toEqual([0, 25, 50, 75, 100])
})
