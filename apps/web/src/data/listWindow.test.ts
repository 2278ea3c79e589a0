import { expect, test } from 'vitest'
import { FIRST_WINDOW, rowsIn, windowAround } from './listWindow.ts'

// Every row that is drawn lies in the window that is asked for, with some to scroll to, and few turns of the wheel move it.
test('the window holds what is drawn', () => {
  const seen = new Set<string>()
  for (let first = 0; first < 1_000; first++) {
    const { from, count } = windowAround(first, first + 44)
    expect(from).toBeLessThanOrEqual(Math.max(0, first - 25))
    expect(from + count).toBeGreaterThanOrEqual(first + 44 + 25)
    expect(count).toBeLessThanOrEqual(150)
    seen.add(`${from}/${count}`)
  }
  expect(seen.size).toBeLessThan(100)
  expect(windowAround(0, 44)).toEqual(FIRST_WINDOW)
})

// However a list is cut into windows, they make the same list; and one that has become shorter shows its end.
test('what a window shows', () => {
  const rows = Array.from({ length: 130 }, (_, i) => i)
  const parts = [0, 50, 100].flatMap((from) => rowsIn(rows, { from, count: 50 }).rows)
  expect(new Set(parts)).toEqual(new Set(rows))
  expect(rowsIn(rows, { from: 50, count: 50 })).toEqual({ from: 50, rows: rows.slice(50, 100) })
  expect(rowsIn(rows, { from: 500, count: 100 })).toEqual({ from: 30, rows: rows.slice(30) })
  expect(rowsIn(rows.slice(0, 3), { from: 500, count: 100 })).toEqual({ from: 0, rows: [0, 1, 2] })
})
