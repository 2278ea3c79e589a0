// Which calls a service gets, for previews of access rules: caller, method, path with id-like segments as `*`, route.
// The number of patterns is bounded whatever paths are called.
import type { PatternRow } from '@heddle/shared/wire/metrics'
import { below, type Nested } from './nested.ts'

/** What the rest of a flood of paths, methods or callers is counted as. */
export const OTHER = 'other'
/** How an opaque connection is recorded: no request has such a path. */
export const OPAQUE_PATTERN = { method: 'TCP', path: '-' } as const
/** Distinct patterns of one report; a control plane keeps the 500 most called of an hour. */
const MOST_PATTERNS = 1_000
/** Paths whose pattern is remembered, so that a repeated call costs a look-up. */
const MOST_REMEMBERED = 4_096
const LONGEST_PATTERN = 256
const MOST_SEGMENTS = 16

/** What some server could read as the end of a segment, or as the beginning of another (path.ts, worstReading). */
const READ_IN_TWO_WAYS = /[%;\\]/

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i
const DIGITS = /\d/g

/** Whether a path segment looks like the name of one thing rather than of a kind: a number, a uuid, a hash, a token. */
export function isIdLike(segment: string): boolean {
  if (segment.length > 64) return true
  const digits = segment.match(DIGITS)?.length ?? 0
  if (digits === 0) return segment.length >= 24 && /[A-Z]/.test(segment) && /[a-z]/.test(segment)
  if (digits === segment.length || UUID.test(segment)) return true
  // Hashes and short hex ids; two digits keep words such as "feedface1" and "v2" what they are.
  if (segment.length >= 8 && digits >= 2 && /^[0-9a-f]+$/i.test(segment)) return true
  // Tokens, ULIDs, order numbers such as "ORD-2026-000123".
  return digits >= 4 && (segment.length >= 16 || digits * 2 >= segment.length)
}

/** Whether `*` may stand for the segment: every server reads an id in the same way, so that `*` hides no other path. */
export function isFolded(segment: string): boolean {
  return isIdLike(segment) && !READ_IN_TWO_WAYS.test(segment)
}

/** The pattern of a canonical path without its query; `other` where there is none: too long, or an id with a trick in it. */
export function callPattern(path: string): string {
  const segments = path.split('/')
  if (segments.length > MOST_SEGMENTS) return OTHER
  if (segments.some((segment) => isIdLike(segment) && !isFolded(segment))) return OTHER
  const pattern = segments.map((segment) => (isFolded(segment) ? '*' : segment)).join('/')
  return pattern.length > LONGEST_PATTERN ? OTHER : pattern
}

export class CallPatterns {
  #rows: PatternRow[] = []
  /** The same by caller, method, route and path. */
  #found: Nested<Nested<Nested<Nested<PatternRow>>>> = new Map()
  readonly #remembered = new Map<string, string>()

  count(source: string, method: string, path: string, route: string): void {
    this.#add(source, method.slice(0, 32), this.#patternOf(path), route, 1)
  }

  /** As many calls of a pattern that is made already. */
  add({ source, method, path, route, calls }: PatternRow): void {
    this.#add(source, method, path, route, calls)
  }

  /** What was counted since the last time. */
  drain(): PatternRow[] {
    const rows = this.#rows
    this.#rows = []
    this.#found = new Map()
    return rows
  }

  #add(source: string, method: string, path: string, route: string, calls: number): void {
    const row = this.#row(source, method, path, route) ?? this.#row(source, OTHER, OTHER, route)
    const last = row ?? this.#row(OTHER, OTHER, OTHER, OTHER, true)
    if (last !== undefined) last.calls += calls
  }

  #row(source: string, method: string, path: string, route: string, always = false): PatternRow | undefined {
    const known = this.#found.get(source)?.get(method)?.get(route)?.get(path)
    if (known !== undefined) return known
    // The rows that fold the rest have room of their own.
    const most = path === OTHER ? 2 * MOST_PATTERNS : MOST_PATTERNS
    if (!always && this.#rows.length >= most) return undefined
    const row = { source, method, path, route, calls: 0 }
    this.#rows.push(row)
    below(below(below(this.#found, source), method), route).set(path, row)
    return row
  }

  #patternOf(path: string): string {
    const known = this.#remembered.get(path)
    if (known !== undefined) return known
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear()
    const pattern = callPattern(path)
    this.#remembered.set(path, pattern)
    return pattern
  }
}
