// The list of changes: grouped by day (UTC), filtered by words. Pure; inputs are never changed.
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

/** All words must hold: `who:ana`, or part of the summary, the kind, a resource's name, or the revision. */
export function matchesChange(change: Change, filter: string): boolean {
  const text = [
    change.summary,
    change.kind,
    `r${change.revision}`,
    ...change.items.map(({ ref }) => `${ref.kind} ${ref.name}`),
  ]
    .join(' ')
    .toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) =>
      word.startsWith('who:') ? change.actor.toLowerCase().includes(word.slice(4)) : text.includes(word),
    )
}

/** What a change touched, in a few words: one name, or how many. */
export function targetOf(change: Change): string {
  const [only, ...more] = change.items
  if (only === undefined) return ''
  return more.length === 0 ? only.ref.name : `${change.items.length} resources`
}
