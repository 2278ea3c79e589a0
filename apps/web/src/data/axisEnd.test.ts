import { expect, test } from 'vitest'
import { axisEnd } from './axisEnd.ts'

test('an axis ends at a round delay beyond the last', () => {
  expect([0, 12, 100, 101, 290, 480, 501, 4_200].map(axisEnd)).toEqual([100, 100, 100, 200, 300, 500, 1_000, 5_000])
})
