import { expect, test } from 'vitest'
import { Reopening, reopenDelayMs } from './reopening.ts'

function make() {
  let waiting: { ms: number; then: () => void } | null = null
  let opened = 0
  const reopening = new Reopening({
    reopen: () => void opened++,
    random: () => 1,
    wait: (ms, then) => {
      waiting = { ms, then }
      return () => {
        waiting = null
      }
    },
  })
  return {
    reopening,
    opened: () => opened,
    waitingMs: () => waiting?.ms ?? null,
    pass: () => waiting?.then(),
  }
}

// Whoever is refused for long asks no oftener than every few seconds, and not all pages at once.
test('the delay doubles up to five seconds, and is spread over its upper half', () => {
  expect([0, 1, 2, 3, 4, 20].map((failures) => reopenDelayMs(failures, 1))).toEqual([
    500, 1_000, 2_000, 4_000, 5_000, 5_000,
  ])
  expect(reopenDelayMs(20, 0)).toBe(2_500)
})

// A console behind a proxy restarts: the 502 meanwhile is not the end of the page's stream.
test('a refused stream is opened again, later each time, until it is there', () => {
  const { reopening, opened, waitingMs, pass } = make()
  reopening.told('refused')
  reopening.told('refused')
  expect([opened(), waitingMs()]).toEqual([0, 500])
  pass()
  expect([opened(), waitingMs()]).toEqual([1, null])
  reopening.told('lost')
  reopening.told('refused')
  expect(waitingMs()).toBe(1_000)
  pass()
  reopening.told('open')
  expect([opened(), waitingMs()]).toEqual([2, null])
  reopening.told('refused')
  expect(waitingMs()).toBe(500)
})

// A page that one comes back to does not wait for the end of a delay; one that is live is left alone.
test('a page that is looked at again tries at once', () => {
  const { reopening, opened, waitingMs } = make()
  reopening.told('open')
  reopening.wake()
  expect(opened()).toBe(0)
  reopening.told('lost')
  expect(waitingMs()).toBe(null)
  reopening.wake()
  reopening.told('refused')
  reopening.wake()
  expect([opened(), waitingMs()]).toEqual([2, null])
  reopening.told('refused')
  reopening[Symbol.dispose]()
  reopening.wake()
  expect([opened(), waitingMs()]).toEqual([2, null])
})
