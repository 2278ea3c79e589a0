// What the replay of all recorded patterns comes to: how many calls, of whom, and the patterns themselves. Pure.
import type { RecordedPattern } from '@heddle/db'
import type { Affected, RecordedCall, Replay } from '../../schemas/accessPreview.ts'
import { type Effect, type RulesChange, replayPattern } from './replay.ts'

export interface Replayed {
  service: string
  patterns: readonly RecordedPattern[]
  change: Omit<RulesChange, 'hasMovedRoutes'>
  /** When its routes began to match other requests (milliseconds since the epoch); null: in no hour that is read. */
  routesMovedAt: number | null
}

/** Patterns of one effect that are listed; the others are counted. */
const ROWS_SHOWN = 50
const HOUR_MS = 3_600_000

type Summary = Pick<Replay, 'denied' | 'admitted' | 'unknown' | 'unchanged'>

export function summarise(replayed: readonly Replayed[], { from, to }: { from: number; to: number }): Summary {
  const rows = { denied: [] as RecordedCall[], admitted: [] as RecordedCall[], unknown: [] as RecordedCall[] }
  let unchanged = 0
  for (const { service, patterns, ...world } of replayed)
    for (const { pattern, effect } of patterns.flatMap((recorded) => judged(recorded, world)))
      if (effect === 'none') unchanged += pattern.calls
      else rows[effect].push(callOf(service, pattern, from, to))
  return {
    denied: affected(rows.denied),
    admitted: affected(rows.admitted),
    unknown: affected(rows.unknown),
    unchanged,
  }
}

interface Judged {
  pattern: RecordedPattern
  effect: Effect | 'unknown'
}

/** As a whole where its hours agree; else those before the routes moved apart from those in which labels can be believed. */
function judged(pattern: RecordedPattern, { change, routesMovedAt }: Omit<Replayed, 'service' | 'patterns'>): Judged[] {
  const effectWhere = (hasMovedRoutes: boolean) => replayPattern(pattern, { ...change, hasMovedRoutes })
  const isOld = ({ at }: RecordedPattern['hours'][number]) => routesMovedAt !== null && at < routesMovedAt
  const old = pattern.hours.filter(isOld)
  const young = pattern.hours.filter((hour) => !isOld(hour))
  const effect = effectWhere(old.length > 0)
  if (old.length === 0 || young.length === 0) return [{ pattern, effect }]
  const youngEffect = effectWhere(false)
  if (youngEffect === effect) return [{ pattern, effect }]
  return [
    { pattern: inHours(pattern, old), effect },
    { pattern: inHours(pattern, young), effect: youngEffect },
  ]
}

const inHours = (pattern: RecordedPattern, hours: RecordedPattern['hours']): RecordedPattern => ({
  ...pattern,
  hours,
  calls: hours.reduce((sum, { calls }) => sum + calls, 0),
})

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
