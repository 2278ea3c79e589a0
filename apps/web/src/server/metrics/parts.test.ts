import { expect, test } from 'vitest'
import { partsOf } from './parts.ts'

const at = (text: string) => Date.parse(`2026-01-${text}Z`)
const textOf = (parts: readonly { from: number; to: number }[]) =>
  parts.map(({ from, to }) => [from, to].map((ms) => new Date(ms).toISOString().slice(8, 19)).join(' '))

// Every moment is in one part: nothing is counted twice or left out.
test('parts follow each other from the beginning to the end', () => {
  for (const [from, to] of [
    [at('10T10:00:10'), at('10T10:00:50')],
    [at('10T10:03:10'), at('10T11:02:40')],
    [at('03T22:03:10'), at('10T11:02:40')],
    [at('10T10:00:00'), at('10T11:00:00')],
  ] as const) {
    const parts = partsOf(from, to)
    expect(parts[0]?.from).toBe(from)
    expect(parts.at(-1)?.to).toBe(to)
    for (const [i, part] of parts.entries()) {
      expect(part.from).toBeLessThan(part.to)
      if (i > 0) expect(part.from).toBe(parts[i - 1]?.to)
    }
  }
})

// What was read of the inner part is good for the next readings too, which is what makes them cheap.
test('a range that moved by ten seconds has the same inner parts', () => {
  const before = textOf(partsOf(at('03T22:03:10'), at('10T11:02:40')))
  const after = textOf(partsOf(at('03T22:03:20'), at('10T11:02:50')))
  expect(before).toEqual([
    '03T22:03:10 03T22:05:00',
    '03T22:05:00 03T23:00:00',
    '03T23:00:00 04T00:00:00',
    '04T00:00:00 10T00:00:00',
    '10T00:00:00 10T11:00:00',
    '10T11:00:00 10T11:02:40',
  ])
  expect(after.slice(1, -1)).toEqual(before.slice(1, -1))
})
