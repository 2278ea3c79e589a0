import { expect, test } from 'vitest'
import { costOf, merged, type TraceEvent, tasksOf } from './trace.ts'

const task = (tid: number, ts: number, dur: number, name = 'RunTask'): TraceEvent => ({
  name,
  pid: 1,
  tid,
  ph: 'X',
  ts,
  dur,
  tdur: dur / 2,
})

test('tasks are those of the thread that the page has marked', () => {
  const events: TraceEvent[] = [
    task(1, 1_000, 7_000),
    task(1, 9_000, 90_000, 'Layout'),
    task(2, 5_000, 80_000),
    { name: 'here', pid: 1, tid: 1, ph: 'R', ts: 2_000 },
  ]
  expect(tasksOf(events, 'here')).toEqual([{ at: 1, ms: 7, cpuMs: 3.5 }])
  expect(tasksOf(events, 'elsewhere')).toEqual([])
})

test('stretches that touch are one', () => {
  const stretches = [
    { from: 5, to: 7 },
    { from: 0, to: 3 },
    { from: 2, to: 4 },
    { from: 7, to: 8 },
  ]
  expect(merged(stretches)).toEqual([
    { from: 0, to: 4 },
    { from: 5, to: 8 },
  ])
})

// A clock that costs 2 ms each second is no cost of the ticks.
test('what a page does anyway is left out', () => {
  const clock = Array.from({ length: 10 }, (_, second) => ({ at: second * 1_000 + 500, ms: 2, cpuMs: 1 }))
  const ticks = [
    { at: 2_100, ms: 30, cpuMs: 10 },
    { at: 7_100, ms: 50, cpuMs: 15 },
  ]
  const news = [
    { from: 2_000, to: 3_000 },
    { from: 7_000, to: 8_000 },
  ]
  const watched = { from: 0, to: 10_000 }
  const all = costOf([...clock, ...ticks], 'ms', watched, news)
  expect(all?.beyondMs).toBeCloseTo(80)
  expect(all?.calmMsPerSecond).toBeCloseTo(2)
  const cpu = costOf([...clock, ...ticks], 'cpuMs', watched, news)
  expect(cpu?.beyondMs).toBeCloseTo(25)
  expect(cpu?.calmMsPerSecond).toBeCloseTo(1)
  const later = { at: 12_000, ms: 500, cpuMs: 500 }
  expect(costOf([...clock, ...ticks, later], 'ms', watched, news)?.beyondMs).toBeCloseTo(80)
  expect(costOf(ticks, 'ms', watched, [{ from: 500, to: 9_000 }])).toBeNull()
})
