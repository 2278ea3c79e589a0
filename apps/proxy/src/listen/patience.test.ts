import { expect, test } from 'vitest'
import { type Doing, longestMs } from './patience.ts'

const patience = { headMs: 10, idleMs: 60, requestMs: 300 }
const EVER = Number.POSITIVE_INFINITY

// A head and a first byte have a short time, a body the rest of its request's; what the path does is not timed here.
test.each<[Doing, number]>([
  ['silent', 10],
  ['idle', 60],
  ['head', 10],
  ['body', 300],
  ['served', EVER],
  ['rest', 2_000],
  ['writing', 300_000],
  ['ended', 2_000],
])('%s', (doing, ms) => {
  expect(longestMs(doing, patience)).toBe(ms)
})

// Where the other side is the one to close, an idle connection may stay, and one that was opened ahead of its request.
test('without an idle time', () => {
  const doings: Doing[] = ['silent', 'idle', 'head', 'body']
  expect(doings.map((doing) => longestMs(doing, { headMs: 10, idleMs: 0, requestMs: 0 }))).toEqual([
    EVER,
    EVER,
    10,
    EVER,
  ])
  expect(longestMs('head', { headMs: 10, idleMs: 60, requestMs: 5 })).toBe(5)
})
