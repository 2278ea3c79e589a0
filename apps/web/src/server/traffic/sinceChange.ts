// What a backend gets since its rule was changed: the mean of a window that saw both splits is the rate of neither. Pure.
import type { ReadRange } from '../metrics/range.ts'

/** Start of the whole steps of a range that lie after a change within it; null: the change was before the range. */
export function stepsSince(range: ReadRange, changedAt: number | null): number | null {
  if (changedAt === null || changedAt <= range.from) return null
  return range.from + Math.ceil((changedAt - range.from) / range.stepMs) * range.stepMs
}

/** Requests per second from `since` to the end of the range; null: no whole step has gone by. */
export function rateSince(
  rows: readonly { at: number; requests: number }[],
  since: number,
  { to, stepMs }: ReadRange,
): number | null {
  const ms = Math.floor((to - since) / stepMs) * stepMs
  if (ms <= 0) return null
  return (1_000 * rows.reduce((sum, { at, requests }) => sum + (at >= since ? requests : 0), 0)) / ms
}
