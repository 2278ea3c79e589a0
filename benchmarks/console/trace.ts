// The longest task of a page's main thread, from a trace of the browser: its long-task observer knows only those of more
// than 50 ms. Pure.

export interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** X: a complete event with a duration. */
  ph: string
  /** Microseconds. */
  dur?: number
  args?: { name?: string }
}

/** Written by the browser for each task that a thread's queue runs. */
export const TASK_CATEGORY = 'disabled-by-default-devtools.timeline'
const TASK = 'RunTask'
const MAIN_THREAD = 'CrRendererMain'

/** Milliseconds, over the main threads of all of the browser's pages; null where none ran a task. */
export function longestTaskMs(events: readonly TraceEvent[]): number | null {
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === MAIN_THREAD).map(threadOf),
  )
  const longest = events
    .filter((event) => event.name === TASK && event.ph === 'X' && main.has(threadOf(event)))
    .reduce((most, { dur = 0 }) => Math.max(most, dur), -1)
  return longest < 0 ? null : longest / 1_000
}
