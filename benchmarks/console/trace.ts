// What a page's main thread did, from a trace of the browser: every task with its beginning and its length. The browser's
// own long-task observer knows only those of more than 50 ms. Pure.

export interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** X: a complete event with a duration. */
  ph: string
  /** Microseconds by the clock of the DevTools protocol's timestamps. */
  ts: number
  dur?: number
  /** Of it, what the thread had a processor. */
  tdur?: number
}

/** Milliseconds; by the same clock as stretches are given. */
export interface Task {
  at: number
  ms: number
  /** Of it, what the thread had a processor: on a machine that is busy with others, less. */
  cpuMs: number
}
export interface Stretch {
  from: number
  to: number
}

/** The browser writes tasks in the first, and the mark that a page sets in the second. */
export const TRACE_CATEGORIES = ['disabled-by-default-devtools.timeline', 'blink.user_timing']
const TASK = 'RunTask'

/** Tasks of the thread that set `mark`; none where the trace does not hold it. */
export function tasksOf(events: readonly TraceEvent[], mark: string): Task[] {
  const marked = events.find(({ name }) => name === mark)
  return events
    .filter(({ name, ph, pid, tid }) => name === TASK && ph === 'X' && pid === marked?.pid && tid === marked.tid)
    .map(({ ts, dur = 0, tdur = 0 }) => ({ at: ts / 1_000, ms: dur / 1_000, cpuMs: tdur / 1_000 }))
}

/** Stretches that overlap or touch become one. */
export function merged(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = []
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else result.push({ from, to })
  }
  return result
}

/** A baseline of less than this is an anecdote. */
const LEAST_BASELINE_MS = 3_000

export interface Cost {
  /** What the tasks around `news` took beyond what the page does anyway (its clocks, its cursor). */
  beyondMs: number
  /** What it does anyway, milliseconds in a second: the rate of the time that is outside `news`. */
  calmMsPerSecond: number
}

/** null: there was too little time outside `news` to tell one from the other. */
export function costOf(
  tasks: readonly Task[],
  of: 'ms' | 'cpuMs',
  watched: Stretch,
  news: readonly Stretch[],
): Cost | null {
  const busy = merged(news)
    .map(({ from, to }) => ({ from: Math.max(from, watched.from), to: Math.min(to, watched.to) }))
    .filter(({ from, to }) => to > from)
  const busyLength = busy.reduce((sum, { from, to }) => sum + to - from, 0)
  const calmLength = watched.to - watched.from - busyLength
  if (calmLength < LEAST_BASELINE_MS) return null
  let inNews = 0
  let calm = 0
  for (const task of tasks) {
    const { at } = task
    if (at < watched.from || at > watched.to) continue
    if (busy.some(({ from, to }) => at >= from && at <= to)) inNews += task[of]
    else calm += task[of]
  }
  return { beyondMs: inNews - (calm / calmLength) * busyLength, calmMsPerSecond: (calm / calmLength) * 1_000 }
}
