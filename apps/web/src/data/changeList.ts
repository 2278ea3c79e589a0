// The list of changes: grouped by day (UTC), join tokens folded. Pure; inputs are never changed.
import type { Change } from '@heddle/shared/api/index'

export interface Day {
  /** Begin of the day, milliseconds since the epoch. */
  day: number
  changes: Change[]
}

const DAY_MS = 86_400_000

export function byDay(changes: readonly Change[]): Day[] {
  const days: Day[] = []
  for (const change of changes) {
    const day = Math.floor(change.at / DAY_MS) * DAY_MS
    const last = days.at(-1)
    if (last?.day === day) last.changes.push(change)
    else days.push({ day, changes: [change] })
  }
  return days
}

/** One line of the timeline: a change, or join tokens that one maker made one after the other. */
export type Entry = { kind: 'change'; change: Change } | { kind: 'joinTokens'; newest: Change; changes: Change[] }

const isJoinToken = ({ kind, summary }: Change) => kind === 'token' && /^Join token .* created/.test(summary)
/** A pair is as quickly read as the line that would stand for it. */
const FOLDED_FROM = 3

/** Machines make a join token for every instance: what one of them made in a row is one line. Order is kept. */
export function folded(changes: readonly Change[]): Entry[] {
  const entries: Entry[] = []
  for (let start = 0; start < changes.length; ) {
    const first = changes[start]
    if (first === undefined) break
    let end = start + 1
    while (isJoinToken(first) && changes[end]?.actor === first.actor && isJoinToken(changes[end] ?? first)) end++
    const run = changes.slice(start, end)
    if (run.length >= FOLDED_FROM) entries.push({ kind: 'joinTokens', newest: first, changes: run })
    else entries.push(...run.map((change): Entry => ({ kind: 'change', change })))
    start = end
  }
  return entries
}

/** What a change touched, in a few words: one name, or how many. */
export function targetOf(change: Change): string {
  const [only, ...more] = change.items
  if (only === undefined) return ''
  return more.length === 0 ? only.ref.name : `${change.items.length} resources`
}
