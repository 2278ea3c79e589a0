// What the replay of all recorded patterns comes to: how many calls, of whom, and the patterns themselves. Pure.
import type { RecordedPattern } from '@heddle/db'
import type { Affected, RecordedCall, Replay } from '../../schemas/accessPreview.ts'
import { type RulesChange, replayPattern } from './replay.ts'

export interface Replayed {
  service: string
  patterns: readonly RecordedPattern[]
  change: RulesChange
}

/** Patterns of one effect that are listed; the others are counted. */
const ROWS_SHOWN = 50
const HOUR_MS = 3_600_000

type Summary = Pick<Replay, 'denied' | 'admitted' | 'unknown' | 'unchanged'>

export function summarise(replayed: readonly Replayed[], { from, to }: { from: number; to: number }): Summary {
  const rows = { denied: [] as RecordedCall[], admitted: [] as RecordedCall[], unknown: [] as RecordedCall[] }
  let unchanged = 0
  for (const { service, patterns, change } of replayed)
    for (const pattern of patterns) {
      const effect = replayPattern(pattern, change)
      if (effect === 'none') unchanged += pattern.calls
      else rows[effect].push(callOf(service, pattern, from, to))
    }
  return {
    denied: affected(rows.denied),
    admitted: affected(rows.admitted),
    unknown: affected(rows.unknown),
    unchanged,
  }
}

function callOf(service: string, pattern: RecordedPattern, from: number, to: number): RecordedCall {
  const { source, method, path, route, calls } = pattern
  const hours = Array.from({ length: Math.round((to - from) / HOUR_MS) }, () => 0)
  for (const hour of pattern.hours) {
    const place = Math.floor((hour.at - from) / HOUR_MS)
    if (place >= 0 && place < hours.length) hours[place] = (hours[place] ?? 0) + hour.calls
  }
  return { service, source, method, path, route, calls, hours, lastHour: pattern.hours.at(-1)?.at ?? from }
}

function affected(rows: RecordedCall[]): Affected {
  rows.sort((a, b) => b.calls - a.calls || (a.path < b.path ? -1 : 1))
  return {
    calls: rows.reduce((sum, { calls }) => sum + calls, 0),
    callers: new Set(rows.map(({ source }) => source)).size,
    rows: rows.slice(0, ROWS_SHOWN),
    moreRows: Math.max(0, rows.length - ROWS_SHOWN),
  }
}
