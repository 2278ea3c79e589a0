import { expect, test } from 'vitest'
import { partsOf, stepParts } from './parts.ts'

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

// Late reports may still change the last quarter of an hour: what was read of the hours before stays good all the same.
test('long parts end where nothing changes any more', () => {
  const parts = (to: number) => textOf(partsOf(at('08T14:05:00'), to, to - 16 * 60_000))
  expect(parts(at('10T11:02:40'))).toContain('10T00:00:00 10T10:00:00')
  expect(parts(at('10T11:12:40'))).toContain('10T00:00:00 10T10:00:00')
  expect(parts(at('10T11:16:40'))).toContain('10T00:00:00 10T11:00:00')
})

// No step lies in two parts, and the large one is the same for the next readings.
test('a chart in parts', () => {
  const minute = 60_000
  for (const [stepMs, lengthMs] of [
    [10_000, 60 * minute],
    [60_000, 3 * 60 * minute],
    [300_000, 24 * 60 * minute],
    [3_600_000, 7 * 24 * 60 * minute],
    [21_600_000, 30 * 24 * 60 * minute],
    [86_400_000, 90 * 24 * 60 * minute],
  ] as const) {
    const to = at('10T11:02:40')
    const from = Math.floor((to - lengthMs) / stepMs) * stepMs
    const parts = stepParts({ from, to, stepMs }, to - 16 * minute)
    expect([parts[0]?.from, parts.at(-1)?.to]).toEqual([from, to])
    for (const [i, part] of parts.entries()) {
      expect(part.from % stepMs).toBe(0)
      if (i > 0) expect(part.from).toBe(parts[i - 1]?.to)
    }
  }
  const day = (to: number) => textOf(stepParts({ from: to - 24 * 60 * minute, to, stepMs: 300_000 }, to - 16 * minute))
  expect(day(at('10T11:00:00'))).toEqual(['09T11:00:00 10T10:00:00', '10T10:00:00 10T11:00:00'])
  expect(day(at('10T11:10:00'))[1]).toBe('09T12:00:00 10T10:00:00')
  expect(day(at('10T11:15:00'))[1]).toBe('09T12:00:00 10T10:00:00')
  expect(stepParts({ from: at('10T11:00:00'), to: at('10T11:30:00'), stepMs: 60_000 }, at('10T11:14:00'))).toHaveLength(
    1,
  )
})
