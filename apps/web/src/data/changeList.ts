// The list of changes: grouped by day, join tokens folded. Pure; inputs are never changed.
import type { Change } from '@heddle/shared/api/index'
import { dayOf } from './timeRange.ts'
import type { Zone } from './zone.ts'

export interface Day {
  /** Its newest change, milliseconds since the epoch. */
  at: number
  changes: Change[]
}

/** Days of the zone's calendar. */
export function byDay(changes: readonly Change[], zone: Zone): Day[] {
  const days: Day[] = []
  for (const change of changes) {
    const last = days.at(-1)
    if (last !== undefined && dayOf(last.at, zone) === dayOf(change.at, zone)) last.changes.push(change)
    else days.push({ at: change.at, changes: [change] })
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
