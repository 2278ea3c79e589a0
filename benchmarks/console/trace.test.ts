import { expect, test } from 'vitest'
import { longestTaskMs, type TraceEvent } from './trace.ts'

const thread = (tid: number, name: string): TraceEvent => ({
  name: 'thread_name',
  pid: 1,
  tid,
  ph: 'M',
  args: { name },
})
const task = (tid: number, dur: number, name = 'RunTask'): TraceEvent => ({ name, pid: 1, tid, ph: 'X', dur })

test('the longest task is one of a page’s main thread', () => {
  const events = [
    task(1, 7_000),
    task(1, 12_500),
    task(1, 90_000, 'Layout'),
    task(2, 80_000),
    thread(1, 'CrRendererMain'),
    thread(2, 'ThreadPoolForegroundWorker'),
  ]
  expect(longestTaskMs(events)).toBe(12.5)
  expect(longestTaskMs([task(1, 7_000)])).toBeNull()
  expect(longestTaskMs([])).toBeNull()
})
