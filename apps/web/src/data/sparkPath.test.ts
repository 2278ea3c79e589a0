import { expect, test } from 'vitest'
import { linePath, scaleTo } from './sparkPath.ts'

// A missing step is a gap in the line, never a bridge or a zero.
test('gaps stay gaps', () => {
  expect(linePath([1, null, 3], 10, (v) => v)).toBe('M0 1M10 3')
  expect(linePath([1, 2], 10, (v) => v)).toBe('M0 1L10 2')
  expect(linePath([null, null], 10, (v) => v)).toBe('')
})

// Every value stays inside the picture, and a flat line is drawn too.
test('scales stay inside', () => {
  for (const values of [[1, 5, 3], [0, 0], [7], [null, 2]]) {
    const y = scaleTo(values, 20, 0)
    for (const value of values) if (value !== null) expect(y(value)).toSatisfy((h: number) => h >= 0 && h <= 20)
  }
  expect(scaleTo([5, 5], 20)(5)).toBe(10)
  expect(scaleTo([0, 0], 20, 0)(0)).toBe(18.5)
})
