import { expect, test } from 'vitest'
import {
  carriedText,
  formatLatency,
  formatRate,
  formatRevision,
  formatShare,
  formatSuccess,
  formatThreeFigures,
  NBSP,
  plural,
  quantityText,
  rateUnit,
  splitAtPoint,
} from './numbers.ts'

// A success rate never looks better than it is, and exact values stay exact.
test('success is floored to two decimals', () => {
  expect(formatSuccess(99.996)).toBe('99.99')
  expect(formatSuccess(99.999999)).toBe('99.99')
  expect(formatSuccess(99.99)).toBe('99.99')
  expect(formatSuccess(98.1)).toBe('98.10')
  expect(formatSuccess(100)).toBe('100.00')
  expect(formatSuccess(0)).toBe('0.00')
  expect(formatSuccess(null)).toBe('—')
})

// For every count of failures a percentage below 100 reads below 100.00.
test('one failure in any number of calls is visible', () => {
  for (let calls = 1; calls <= 1e9; calls *= 10) expect(formatSuccess(((calls - 1) / calls) * 100)).not.toBe('100.00')
})

// Rates and latencies have three figures on both sides of each step, and rounding never yields four.
test('three figures', () => {
  expect([0, 0.004, 0.42, 4.036, 9.996, 12.34, 99.96, 842.4, 1240].map(formatThreeFigures)).toEqual([
    '0',
    '<0.01',
    '0.42',
    '4.04',
    '10.0',
    '12.3',
    '100',
    '842',
    '1,240',
  ])
})

// Units change where three figures end; nothing is ever shown as "1,000 ms".
test('units follow the size', () => {
  expect(quantityText(formatLatency(0.84))).toBe('840 µs')
  expect(quantityText(formatLatency(4.21))).toBe('4.21 ms')
  expect(quantityText(formatLatency(999.4))).toBe('999 ms')
  expect(quantityText(formatLatency(999.6))).toBe('1.00 s')
  expect(quantityText(formatLatency(1240))).toBe('1.24 s')
  expect(quantityText(formatLatency(null))).toBe('—')
  expect(quantityText(formatRate(999.4))).toBe('999 rps')
  expect(quantityText(formatRate(1240))).toBe('1.24k rps')
  expect(quantityText(formatRate(0))).toBe('0 rps')
})

// A column aligned at the decimal point gets its two halves back unchanged.
test('splitting at the point loses nothing', () => {
  for (const text of ['1,240', '52.4', '0.84', '0', '—']) expect(splitAtPoint(text).join('')).toBe(text)
  expect(splitAtPoint('52.4')).toEqual(['52', '.4'])
})

// Counts agree with their noun.
test('nouns and revisions', () => {
  expect(plural(1, 'service')).toBe('1 service')
  expect(plural(0, 'proxy', 'proxies')).toBe('0 proxies')
  expect(formatRevision(4812)).toBe('r4,812')
})

// A share that is something never reads as nothing, nor one that is not all as all.
test('shares', () => {
  expect([0, 0.1, 0.5, 42.4, 99.9, 100].map(formatShare)).toEqual(['0', '<1', '1', '42', '>99', '100'])
})

// Connections are no requests, and what they carried is said for each way.
test('volume of TCP', () => {
  expect(quantityText(formatRate(0.42, rateUnit('tcp')))).toBe(`0.42${NBSP}conn/s`)
  expect(quantityText(formatRate(1_240, rateUnit('grpc')))).toBe(`1.24k${NBSP}rps`)
  expect(carriedText({ to: 912.4, from: 1_240_000 })).toBe(`912${NBSP}B/s in, 1.24${NBSP}MB/s out`)
  expect(carriedText({ to: 0, from: 999.7 })).toBe(`0${NBSP}B/s in, 1.00${NBSP}kB/s out`)
})
