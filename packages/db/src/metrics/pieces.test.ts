import { expect, test } from 'vitest'
import { piecesOf } from './pieces.ts'
import { HOUR_MS, hour } from './sampleDeltas.ts'

// The coarsest table that fits the step is read, and a coarser one where the finer has forgotten the time.
test('the table follows the step and what is kept', () => {
  const now = hour
  const of = (agoMs: number, stepMs: number) => {
    const answer = piecesOf({ from: now - agoMs, to: now, stepMs }, now)
    return [answer.pieces.map((piece) => piece.resolution), answer.stepMs]
  }
  expect(of(HOUR_MS, 10_000)).toEqual([[10_000], 10_000])
  expect(of(HOUR_MS, 30_000)).toEqual([[10_000], 30_000])
  expect(of(HOUR_MS, 60_000)).toEqual([[60_000], 60_000])
  expect(of(HOUR_MS, 2 * HOUR_MS)).toEqual([[HOUR_MS], 2 * HOUR_MS])
  expect(of(7 * HOUR_MS, 10_000)).toEqual([[60_000], 60_000])
  expect(of(20 * 24 * HOUR_MS, 60_000)).toEqual([[HOUR_MS], HOUR_MS])
})

// where that is still kept, and from few rows.
test('a whole range is exact and made of few buckets', () => {
  const now = hour + 34 * 60_000 + 20_000
  for (const [from, to] of [
    [now - 60_000, now],
    [now - 13_000, now],
    [now - 5.9 * HOUR_MS, now],
    [now - 3 * HOUR_MS + 7, now - 7],
    [now - 30 * 24 * HOUR_MS, now],
    [now - 2 * 24 * HOUR_MS, now - 24 * HOUR_MS],
  ] as const) {
    const { pieces } = piecesOf({ from, to, stepMs: null }, now)
    const ordered = [...pieces].sort((a, b) => a.from - b.from)
    for (const [i, piece] of ordered.entries()) if (i > 0) expect(piece.from).toBe(ordered[i - 1]?.to)
    const [first, last] = [ordered[0], ordered.at(-1)]
    const allowed = now - from < 6 * HOUR_MS ? 10_000 : now - from < 14 * 24 * HOUR_MS ? 60_000 : HOUR_MS
    expect(from - (first?.from ?? 0)).toBeGreaterThanOrEqual(0)
    expect(from - (first?.from ?? 0)).toBeLessThan(allowed)
    expect((last?.to ?? 0) - to).toBeGreaterThanOrEqual(0)
    expect((last?.to ?? 0) - to).toBeLessThan(allowed)
    const buckets = pieces.reduce((sum, piece) => sum + (piece.to - piece.from) / piece.resolution, 0)
    expect(buckets).toBeLessThan(10 + 118 + (to - from) / HOUR_MS)
  }
})
