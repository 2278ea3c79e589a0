// What a change of the rules would have done to the calls that were recorded. Pure: the same compiled rules and the same
// decision as in the proxy, asked about every concrete call that a pattern may stand for. A pattern that the change would
// treat in more than one way is unknown: no answer is better than a wrong one.
import { decideAccess } from '@heddle/proxy/access/decide'
import type { Pattern } from './samples.ts'
import { type RulesChange, worldsOf } from './worlds.ts'

export type { Pattern } from './samples.ts'
export type { RulesChange } from './worlds.ts'

/** denied: it passed and would not; admitted: it did not pass and would; none: as before. */
export type Effect = 'denied' | 'admitted' | 'none'

/** Worlds that are looked at before a pattern is given up as unknown. */
const MOST_WORLDS = 2_000

export function effectOf(isAllowedBefore: boolean, isAllowedAfter: boolean): Effect {
  if (isAllowedBefore === isAllowedAfter) return 'none'
  return isAllowedBefore ? 'denied' : 'admitted'
}

export function replayPattern(pattern: Pattern, change: RulesChange): Effect | 'unknown' {
  const worlds = worldsOf(pattern, change)
  if (worlds === null) return 'unknown'
  let effect: Effect | undefined
  let looked = 0
  for (const { request, before, after } of worlds) {
    if (++looked > MOST_WORLDS) return 'unknown'
    const here = effectOf(decideAccess(before, request).allowed, decideAccess(after, request).allowed)
    if (effect !== undefined && here !== effect) return 'unknown'
    effect = here
  }
  return effect ?? 'unknown'
}
